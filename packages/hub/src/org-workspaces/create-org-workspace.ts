import type { InputOf, RequestContext } from '@freehold/authz/request'
import { newId } from '@freehold/kit'
import type { TokenIssuer } from '../workspace-tokens/index.ts'
import { refuseUnknownRegion, reserveWorkspace } from '../workspaces/index.ts'
import { requireOrgWorkspace } from './find-org-workspace.ts'
import { toOrgWorkspace } from './org-workspace-answer.ts'
import { updateProfile } from './queries.ts'

export type CreateOrgWorkspaceDeps = { regions: readonly string[]; tokens: Pick<TokenIssuer, 'createSecret'> }

/** MB-02: the same workspace as under `/v1/workspaces`, with a secret that is shown here and nowhere else. */
export async function createOrgWorkspace(deps: CreateOrgWorkspaceDeps, ctx: RequestContext, { body }: InputOf<'createOrgWorkspace'>) {
  const account = ctx.granted('account', 'administer')
  const region = body.region ?? deps.regions[0]!
  refuseUnknownRegion(region, deps.regions)

  const now = ctx.clock.now()
  const workspaceId = newId(now.getTime())
  const runId = newId(now.getTime())
  const made = await ctx.mutate(
    'workspace.create',
    account,
    async (tx) => {
      const place = { workspaceId, runId, accountId: account.id, ownerId: ctx.principal.id }
      const { name, slug } = await reserveWorkspace(tx, { ...place, name: body.name, description: '', region, tenancyModel: 'shared', now })
      if (body.logoUri != null) await updateProfile(tx, workspaceId, { logoUri: body.logoUri }, now)
      const secret = await deps.tokens.createSecret(tx, workspaceId, now)
      return {
        resource: { kind: 'workspace', id: workspaceId, label: name },
        after: { name, slug, region, tenancy_model: 'shared', logoUri: body.logoUri ?? null },
        result: { ...toOrgWorkspace(await requireOrgWorkspace(tx, { id: workspaceId })), secret },
      }
    },
    { born: { workspaceId }, chain: { kind: 'workspace', id: workspaceId } },
  )
  ctx.setHeader('location', `/v1/provisioning-runs/${runId}`)
  return made
}
