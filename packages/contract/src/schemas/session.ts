import Type, { type Static } from 'typebox'
import { Nullable, Strict, Timestamp, Uuid } from './fields.ts'

export const sessionPhases = ['pending', 'creating', 'running', 'stopping', 'stopped', 'completed', 'failed'] as const

/** An agent's session in a workspace. */
export const Session = Strict({
  id: Uuid,
  workspace_id: Uuid,
  tenant_id: Nullable(Uuid),
  name: Type.String(),
  phase: Type.Enum([...sessionPhases]),
  created_at: Timestamp,
  created_by: Nullable(Uuid),
})
export type Session = Static<typeof Session>
