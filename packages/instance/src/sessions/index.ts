import { exportOfList, type Handlers } from '@freehold/authz/request'
import { listSessions } from './list-sessions.ts'

export const sessionExport = exportOfList('listSessions', listSessions)
export const sessionHandlers = {
  listSessions,
  listProjectSessions: listSessions,
} satisfies Partial<Handlers>
