import { randomBytes } from 'node:crypto'
import type { Tx } from '@freehold/db'
import { startRun } from '@freehold/workflow'
import { openGate } from '../gates/index.ts'
import { provisionWorkspace } from '../provisioning/index.ts'
import { insertRelationship } from '../relationships/index.ts'
import { insertUnderSlug } from '../slugs.ts'
import { insertWorkspaceProfile } from '../workspace-tokens/index.ts'
import { insertWorkspace } from './queries.ts'

export type Reservation = {
  workspaceId: string
  runId: string
  accountId: string
  ownerId: string
  name: string
  slug?: string
  description: string
  region: string
  tenancyModel: 'shared' | 'dedicated'
  now: Date
}

/**
 * What a workspace is from the first moment: id, slug, key, parent, owner, gate, and the run that does the rest. The scope is
 * the workspace's and its account's. Throws `slug_taken`.
 */
export async function reserveWorkspace(tx: Tx, wanted: Reservation): Promise<{ name: string; slug: string }> {
  const { workspaceId, runId, accountId, ownerId, region, tenancyModel, now } = wanted
  await openGate(tx, 'workspace', workspaceId)
  const workspace = await insertUnderSlug(wanted, (slug) => insertWorkspace(tx, { ...wanted, id: workspaceId, slug, createdBy: ownerId }))
  await insertWorkspaceProfile(tx, { workspaceId, key: `wk_${randomBytes(16).toString('hex')}`, now })
  const tuple = { resource: { type: 'workspace', id: workspaceId }, expiresAt: null, createdAt: now, createdBy: ownerId }
  await insertRelationship(
    tx,
    { ...tuple, relation: 'account', subject: { type: 'account', id: accountId } },
    { ...tuple, relation: 'owner', subject: { type: 'user', id: ownerId } },
  )
  const input = { workspaceId, accountId, region, tenancyModel }
  await startRun(tx, provisionWorkspace, { runId, workspaceId, accountId, input, done: ['reserve'], now })
  return workspace
}
