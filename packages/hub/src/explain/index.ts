import { notBuilt } from '../not-built.ts'

export const explainHandlers = notBuilt('explainAccess')
