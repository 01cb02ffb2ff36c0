import { notBuilt } from '../not-built.ts'

export const sessionHandlers = notBuilt('listSessions', 'listProjectSessions')
