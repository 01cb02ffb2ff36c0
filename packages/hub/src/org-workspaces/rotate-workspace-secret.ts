import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { TokenIssuer } from '../workspace-tokens/index.ts'
import { requireOrgWorkspace } from './find-org-workspace.ts'

/** MB-06: the old secret dies at once, or after the grace that is asked for. */
export async function rotateWorkspaceSecret(
  tokens: Pick<TokenIssuer, 'rotateSecret'>,
  ctx: RequestContext,
  { body }: InputOf<'rotateWorkspaceSecret'>,
) {
  const workspace = ctx.granted('workspace', 'administer')
  const { graceSeconds = 0, graceFrom = 'now' } = body
  return ctx.mutate('workspace.secret_rotate', workspace, async (tx) => {
    const { row } = await requireOrgWorkspace(tx, workspace)
    const rotated = await tokens.rotateSecret(tx, { workspaceId: workspace.id, graceSeconds, graceFrom, now: ctx.clock.now() })
    const previousExpiresAt = rotated.previousExpiresAt?.toISOString() ?? null
    return {
      resource: { kind: 'workspace', id: workspace.id, label: row.name },
      after: { graceSeconds, graceFrom, previousExpiresAt },
      result: { secret: rotated.secret, previousExpiresAt },
    }
  })
}
