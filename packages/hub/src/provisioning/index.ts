import type { Handlers, InputOf, RequestContext } from '@freehold/authz/request'
import type { Notifications } from '@freehold/db'
import { cancelRun, getRun, retryRun, streamRun } from './run-verbs.ts'

export { type DataPlane, type ProvisionDeps, type ProvisionInput, provisionWorkspace } from './provision-workspace.saga.ts'
export { sagas } from './sagas.ts'

export function provisioningHandlers({ notifications }: { notifications: Notifications }) {
  return {
    getRun,
    retryRun,
    cancelRun,
    streamRun: (ctx: RequestContext, input: InputOf<'streamRun'>) => streamRun(ctx, input, notifications),
  } satisfies Partial<Handlers>
}
