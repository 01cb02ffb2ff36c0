import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { TokenIssuer } from '../workspace-tokens/index.ts'
import { requireOrgWorkspace } from './find-org-workspace.ts'

const hourSeconds = 3600

/** MB-04: a token of the workspace alone, or of one tenant of it. */
export async function createAccessToken(tokens: Pick<TokenIssuer, 'issue'>, ctx: RequestContext, { body }: InputOf<'createAccessToken'>) {
  const workspace = ctx.granted('workspace', 'administer')
  const { tenantKey, name, fields, isAdmin = false, lifetimeSeconds = hourSeconds } = body
  refuseTenantless(body)
  return ctx.mutate('workspace_token.create', workspace, async (tx) => {
    const { row } = await requireOrgWorkspace(tx, workspace)
    const { token, expiresAt, tenantId } = await tokens.issue(tx, {
      workspaceId: workspace.id,
      workspaceKey: row.key,
      tenant: tenantKey === undefined ? null : { key: tenantKey, ...(name !== undefined && { name }), ...(fields && { fields }) },
      isAdmin,
      lifetimeSeconds,
      now: ctx.clock.now(),
    })
    return {
      resource: { kind: 'workspace_token', id: tenantId ?? workspace.id, label: name ?? tenantKey ?? row.name },
      after: { tenantKey: tenantKey ?? null, isAdmin, expiresAt: expiresAt.toISOString() },
      result: { token, expiresAt: expiresAt.toISOString() },
    }
  })
}

function refuseTenantless({ tenantKey, ...tenant }: InputOf<'createAccessToken'>['body']): void {
  const errors = (['name', 'fields'] as const)
    .filter((field) => tenantKey === undefined && tenant[field] !== undefined)
    .map((field) => ({ pointer: `/body/${field}`, message: 'describes a tenant: send `tenantKey` with it' }))
  if (errors.length > 0) throw new AppError('invalid_request', 'Send `tenantKey` too, or neither `name` nor `fields`.', { errors })
}
