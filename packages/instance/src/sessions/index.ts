import type { Handlers } from '@freehold/authz/request'
import { listSessions } from './list-sessions.ts'

export const sessionHandlers = {
  listSessions,
  listProjectSessions: listSessions,
} satisfies Partial<Handlers>
