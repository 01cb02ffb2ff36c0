import type { AuditAction } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { saga } from '@freehold/workflow'
import { insertAuditEvent } from '../audit/index.ts'
import { raiseGates } from '../gates/index.ts'
import { deleteLimits, insertDefaultLimits } from '../limits/index.ts'
import { deleteRelationship, insertRelationship } from '../relationships/index.ts'
import {
  activateEnvironments,
  deleteEnvironments,
  environmentRelationships,
  insertStandardEnvironments,
  listEnvironmentIds,
} from '../environments/index.ts'
import { moveStatus } from './queries.ts'

export type ProvisionInput = { workspaceId: string; accountId: string; region: string; tenancyModel: 'shared' | 'dedicated' }

/** What an instance does for the hub when a workspace is born or withdrawn. Both may be asked twice. */
export type DataPlane = {
  openWorkspace(tx: Tx, workspace: { workspaceId: string; region: string; tenancyModel: string; now: Date }): Promise<void>
  dropWorkspace(tx: Tx, workspaceId: string): Promise<void>
}
export type ProvisionDeps = { dataPlane: DataPlane }

type Run = { id: string; workspaceId: string; accountId: string }

/** From reserved to active. Until the last step nobody can write to the workspace's data, so every undo is a deletion. */
export const provisionWorkspace = saga<ProvisionInput, ProvisionDeps>(
  'workspace.provision',
  [
    {
      // The request that started the run has made id, slug, parent and owner. They outlive a failure, so that the
      // slug stays held, the run can be retried and its owner can see why it failed.
      name: 'reserve',
      run: async () => {},
      undo: ({ tx, run, reason, error, now }) =>
        reason === 'cancelled'
          ? end(tx, run, { to: 'deleted', action: 'provisioning_run.cancel', reason: 'Provisioning was cancelled.', now })
          : end(tx, run, { to: 'failed', action: 'workspace.fail', reason: error ?? 'Provisioning failed.', now }),
    },
    {
      name: 'environments',
      run: ({ tx, input, now }) => insertStandardEnvironments(tx, input.workspaceId, now),
      undo: ({ tx, input }) => deleteEnvironments(tx, input.workspaceId),
    },
    {
      name: 'data_plane',
      run: ({ tx, input, deps, now }) => deps.dataPlane.openWorkspace(tx, { ...input, now }),
      undo: ({ tx, input, deps }) => deps.dataPlane.dropWorkspace(tx, input.workspaceId),
    },
    {
      name: 'relationships',
      run: async ({ tx, input, now }) => {
        const tuples = await environmentTuples(tx, input.workspaceId)
        await insertRelationship(tx, ...tuples.map((tuple) => ({ ...tuple, createdAt: now, createdBy: null })))
      },
      undo: async ({ tx, input }) => {
        for (const tuple of await environmentTuples(tx, input.workspaceId)) await deleteRelationship(tx, tuple)
      },
    },
    {
      name: 'quota',
      run: ({ tx, input }) => insertDefaultLimits(tx, input.workspaceId),
      undo: ({ tx, input }) => deleteLimits(tx, input.workspaceId),
    },
    {
      name: 'activate',
      run: async ({ tx, run, now }) => {
        await activateEnvironments(tx, run.workspaceId)
        await end(tx, run, { to: 'active', action: 'workspace.activate', reason: null, now })
      },
      undo: 'none',
      why: 'It is the last step: nothing after it can fail.',
    },
  ],
  {
    onRetry: async (tx, run) => {
      await moveStatus(tx, run.workspaceId, { from: ['failed'], to: 'provisioning', reason: null, now: new Date() })
      await raiseGates(tx, [run.workspaceId])
    },
    onCancelled: async (tx, run) => {
      await moveStatus(tx, run.workspaceId, { from: ['failed'], to: 'deleted', reason: 'Provisioning was cancelled.', now: new Date() })
      await raiseGates(tx, [run.workspaceId])
    },
    onStalled: (tx, run) =>
      record(tx, run, {
        action: 'provisioning_run.stall',
        resource: { kind: 'provisioning_run', id: run.id, label: 'Provisioning' },
        after: { advice: 'Retry or cancel the run.' },
        now: new Date(),
      }),
  },
)

async function environmentTuples(tx: Tx, workspaceId: string) {
  const environments = await listEnvironmentIds(tx, workspaceId)
  return environments.flatMap((environment) => environmentRelationships(workspaceId, environment))
}

type End = { to: 'active' | 'failed' | 'deleted'; action: AuditAction; reason: string | null; now: Date }

async function end(tx: Tx, run: Run, { to, action, reason, now }: End): Promise<void> {
  const moved = await moveStatus(tx, run.workspaceId, { from: ['provisioning'], to, reason, now })
  if (!moved) return
  await raiseGates(tx, [run.workspaceId])
  const resource = { kind: 'workspace', id: run.workspaceId, label: moved.name }
  await record(tx, run, { action, resource, before: { status: 'provisioning' }, after: { status: to, ...(reason && { reason }) }, now })
}

type Entry = {
  action: AuditAction
  resource: { kind: string; id: string; label: string }
  before?: Record<string, unknown>
  after: Record<string, unknown>
  now: Date
}

function record(tx: Tx, run: Run, { now, ...entry }: Entry): Promise<void> {
  return insertAuditEvent(tx, {
    ...entry,
    id: newId(now.getTime()),
    chain: { kind: 'workspace', id: run.workspaceId },
    accountId: run.accountId,
    at: now,
    actor: { kind: 'system', id: run.id, label: 'Provisioning' },
    requestId: null,
    ip: null,
  })
}
