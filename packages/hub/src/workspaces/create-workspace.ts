import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { newId } from '@freehold/kit'
import { startRun } from '@freehold/workflow'
import { openGate } from '../gates/index.ts'
import { provisionWorkspace } from '../provisioning/index.ts'
import { insertRelationship } from '../relationships/index.ts'
import { insertUnderSlug, refuseReservedSlug } from '../slugs.ts'
import { insertWorkspace } from './queries.ts'

/**
 * Reserves id, slug, ownership and parent in the request; the run does the rest. An API key never gets here: it holds
 * no permission on an account.
 */
export async function createWorkspace(ctx: RequestContext, { body }: InputOf<'createWorkspace'>, regions: readonly string[]) {
  const account = ctx.granted('account', 'administer')
  refuseReservedSlug(body.slug)
  refuseUnknownRegion(body.region, regions)

  const now = ctx.clock.now()
  const workspaceId = newId(now.getTime())
  const runId = newId(now.getTime())
  await ctx.mutate(
    'workspace.create',
    account,
    async (tx) => {
      await openGate(tx, 'workspace', workspaceId)
      const workspace = await insertUnderSlug(body, (slug) =>
        insertWorkspace(tx, {
          id: workspaceId,
          accountId: account.id,
          name: body.name,
          slug,
          description: body.description ?? '',
          region: body.region,
          tenancyModel: body.tenancy_model ?? 'shared',
          createdBy: ctx.principal.id,
          runId,
          now,
        }),
      )
      const tuple = { resource: { type: 'workspace', id: workspaceId }, expiresAt: null, createdAt: now, createdBy: ctx.principal.id }
      await insertRelationship(
        tx,
        { ...tuple, relation: 'account', subject: { type: 'account', id: account.id } },
        { ...tuple, relation: 'owner', subject: { type: 'user', id: ctx.principal.id } },
      )
      const input = { workspaceId, accountId: account.id, region: body.region, tenancyModel: body.tenancy_model ?? 'shared' }
      await startRun(tx, provisionWorkspace, { runId, workspaceId, accountId: account.id, input, done: ['reserve'] })
      return {
        resource: { kind: 'workspace', id: workspaceId, label: workspace.name },
        after: { name: workspace.name, slug: workspace.slug, region: body.region, tenancy_model: body.tenancy_model ?? 'shared' },
        result: workspace,
      }
    },
    { born: { workspaceId }, chain: { kind: 'workspace', id: workspaceId } },
  )
  ctx.setHeader('location', `/v1/provisioning-runs/${runId}`)
  return { workspace_id: workspaceId, provisioning_run_id: runId }
}

function refuseUnknownRegion(region: string, regions: readonly string[]): void {
  if (regions.includes(region)) return
  throw new AppError('invalid_request', `No instance serves the region "${region}". Use one of: ${regions.join(', ')}.`, {
    errors: [{ pointer: '/body/region', message: `must be one of ${regions.join(', ')}` }],
    members: { regions },
  })
}
