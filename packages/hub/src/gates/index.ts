export { openGate, raiseGates } from './gates.ts'
export type { GateKind } from './queries.ts'
