import { exportOfList, type Handlers } from '@freehold/authz/request'
import { createEnvironment, listEnvironments } from './environments.ts'

export { environmentRelationships } from './environment-relationships.ts'
export { activateEnvironments, countEnvironments, deleteEnvironments, insertStandardEnvironments, listEnvironmentIds } from './queries.ts'

export { requireEnvironment } from './require-environment.ts'

export const environmentExport = exportOfList('listEnvironments', listEnvironments)
export const environmentHandlers = { listEnvironments, createEnvironment } satisfies Partial<Handlers>
