import type { Principal, RequestContext } from '@freehold/authz/request'
import type { Me } from '@freehold/contract'

export async function getMe(ctx: RequestContext): Promise<Me> {
  return toMe(ctx.principal)
}

/** A principal as the API shows it to itself. */
export function toMe(principal: Principal): Me {
  const { credential } = principal
  const expiresAt = credential.expiresAt?.toISOString() ?? null
  return {
    kind: principal.kind,
    id: principal.id,
    label: principal.label,
    email: principal.email,
    operator: principal.operator,
    role: principal.role,
    scopes: [...principal.scopes],
    workspace_id: principal.workspaceId,
    tenant: principal.tenant && { id: principal.tenant.id, key: principal.tenant.key },
    second_factor: principal.secondFactor,
    credential: { id: credential.id, kind: credential.kind, expires_at: expiresAt },
    expires_at: expiresAt,
  }
}
