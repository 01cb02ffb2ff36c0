import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { newId } from '@freehold/kit'
import { refuseReservedSlug } from '../slugs.ts'
import { reserveWorkspace } from './reserve-workspace.ts'

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
      const workspace = await reserveWorkspace(tx, {
        workspaceId,
        runId,
        accountId: account.id,
        ownerId: ctx.principal.id,
        name: body.name,
        ...(body.slug !== undefined && { slug: body.slug }),
        description: body.description ?? '',
        region: body.region,
        tenancyModel: body.tenancy_model ?? 'shared',
        now,
      })
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

/** Throws `invalid_request` for a region that no instance serves. */
export function refuseUnknownRegion(region: string, regions: readonly string[]): void {
  if (regions.includes(region)) return
  throw new AppError('invalid_request', `No instance serves the region "${region}". Use one of: ${regions.join(', ')}.`, {
    errors: [{ pointer: '/body/region', message: `must be one of ${regions.join(', ')}` }],
    members: { regions },
  })
}
