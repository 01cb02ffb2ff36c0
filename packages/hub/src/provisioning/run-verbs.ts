import { freshly, type InputOf, type RequestContext, type StreamAnswer } from '@freehold/authz/request'
import { AppError, type Run } from '@freehold/contract'
import type { Notifications, Tx } from '@freehold/db'
import { cancelRun as cancel, InvalidRunState, readRun, retryRun as retry } from '@freehold/workflow'
import { follow } from '../events/index.ts'
import { sagas } from './sagas.ts'

export async function getRun(ctx: RequestContext, { params }: InputOf<'getRun'>): Promise<Run> {
  ctx.granted('workspace', 'read')
  const run = await readRun(ctx.db, params.run_id, ctx.clock.now())
  if (!run) throw new AppError('not_found', 'No such provisioning run.')
  return run
}

export async function retryRun(ctx: RequestContext, { params }: InputOf<'retryRun'>): Promise<Run> {
  return operate(ctx, params.run_id, { action: 'provisioning_run.retry', run: retry })
}

export async function cancelRun(ctx: RequestContext, { params }: InputOf<'cancelRun'>): Promise<Run> {
  return operate(ctx, params.run_id, { action: 'provisioning_run.cancel', run: cancel })
}

type Operation = { action: 'provisioning_run.retry' | 'provisioning_run.cancel'; run: typeof retry }

function operate(ctx: RequestContext, runId: string, { action, run }: Operation): Promise<Run> {
  const workspace = ctx.granted('workspace', 'administer')
  return ctx.mutate(action, workspace, async (tx) => {
    const before = await requireRun(tx, ctx, runId)
    try {
      await run(tx, { runId, sagas, now: ctx.clock.now() })
    } catch (error) {
      if (error instanceof InvalidRunState)
        throw new AppError('invalid_state', `${error.message} This one is ${before.status}.`, { cause: error })
      throw error
    }
    const after = await requireRun(tx, ctx, runId)
    return {
      resource: { kind: 'provisioning_run', id: runId, label: after.kind },
      before: { status: before.status },
      after: { status: after.status },
      result: after,
    }
  })
}

async function requireRun(tx: Tx, ctx: RequestContext, runId: string): Promise<Run> {
  const run = await readRun(tx, runId, ctx.clock.now())
  if (!run) throw new AppError('not_found', 'No such provisioning run.')
  return run
}

/** The run at once, and again after each change, until it has ended. */
export async function streamRun(
  ctx: RequestContext,
  { params }: InputOf<'streamRun'>,
  notifications: Notifications,
): Promise<StreamAnswer> {
  const runId = params.run_id
  await getRun(ctx, { params } as InputOf<'getRun'>)
  return async function* (signal) {
    const changes = follow(notifications, (notification) => notification.kind === 'run' && notification.id === runId, signal)
    try {
      do {
        const run = await freshly(ctx, (fresh) => getRun(fresh, { params } as InputOf<'getRun'>))
        yield { event: 'run', data: run }
        if (run.finished_at !== null) return
      } while (!(await changes.next()).done)
    } finally {
      await changes.return?.()
    }
  }
}
