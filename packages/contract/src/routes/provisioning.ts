import { route } from '../route.ts'
import { Nothing, Strict, Uuid } from '../schemas/fields.ts'
import { Run } from '../schemas/run.ts'

const params = Strict({ run_id: Uuid })

export const provisioningRoutes = {
  getRun: route({
    operationId: 'getRun',
    summary: 'Read a provisioning run',
    tag: 'Provisioning',
    method: 'GET',
    path: '/v1/provisioning-runs/:run_id',
    plane: 'hub',
    guard: { permission: 'read', on: 'workspace', id: 'run_id', of: 'provisioning_run' },
    params,
    response: Run,
    status: 200,
  }),
  streamRun: route({
    operationId: 'streamRun',
    summary: 'Watch a provisioning run',
    description: 'Server-sent events: `run` with the whole run at once and after each change; the stream ends when the run does.',
    tag: 'Provisioning',
    method: 'GET',
    path: '/v1/provisioning-runs/:run_id/events',
    plane: 'hub',
    guard: { permission: 'read', on: 'workspace', id: 'run_id', of: 'provisioning_run' },
    params,
    response: Nothing,
    status: 200,
    stream: 'sse',
  }),
  retryRun: route({
    operationId: 'retryRun',
    summary: 'Retry a failed or stalled run',
    tag: 'Provisioning',
    method: 'POST',
    path: '/v1/provisioning-runs/:run_id/retry',
    plane: 'hub',
    guard: { permission: 'administer', on: 'workspace', id: 'run_id', of: 'provisioning_run' },
    params,
    response: Run,
    status: 200,
    audit: 'provisioning_run.retry',
    whenFrozen: 'refuse',
  }),
  cancelRun: route({
    operationId: 'cancelRun',
    summary: 'Cancel a run that has not succeeded',
    description: 'Undoes what the run has made and deletes the workspace; its slug is never used again.',
    tag: 'Provisioning',
    method: 'POST',
    path: '/v1/provisioning-runs/:run_id/cancel',
    plane: 'hub',
    guard: { permission: 'administer', on: 'workspace', id: 'run_id', of: 'provisioning_run' },
    params,
    response: Run,
    status: 200,
    audit: 'provisioning_run.cancel',
    whenFrozen: 'refuse',
  }),
}
