import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import { mintToken } from '@freehold/kit'
import { toApiKey } from './api-key-answer.ts'
import { endAfterGrace } from './end-key.ts'
import { renewExpiry } from './key-lifetime.ts'
import { refuseWiderKey } from './key-settings.ts'
import { type ApiKeyRow, findApiKey, findLongestLifetime, hasLiveSuccessor, lockApiKey } from './queries.ts'
import { storeKey } from './store-key.ts'

/** A new key in place of one, which ends now, after a grace, or a grace after the first use of the new one. */
export async function rotateApiKey(ctx: RequestContext, { params, body }: InputOf<'rotateApiKey'>) {
  const workspace = ctx.granted('workspace', 'manage_members')
  const { grace_seconds: graceSeconds = 0, grace_from: graceFrom = 'now' } = body
  const now = ctx.clock.now()
  const token = mintToken('fhk')

  const row = await ctx.mutate('api_key.rotate', workspace, async (tx) => {
    const old = await lockApiKey(tx, workspace.id, params.api_key_id)
    if (!old) throw new AppError('not_found', 'No such API key in this workspace.')
    await refuseRotation(tx, workspace.id, old, now)
    const settings = {
      scopes: old.scopes,
      allowedIps: old.allowed_ips,
      allowedOrigins: old.allowed_origins,
      environments: old.environments,
    }
    refuseWiderKey(ctx.principal, settings)
    const policySeconds = await findLongestLifetime(tx, workspace.id)
    const created = await storeKey(ctx, tx, {
      workspaceId: workspace.id,
      token,
      now,
      name: old.name,
      description: old.description,
      role: old.role!,
      settings,
      expiresAt: renewExpiry(old, { maker: ctx.principal, policySeconds, now }),
      replacesId: old.id,
      graceSeconds: graceFrom === 'first_use' ? graceSeconds : null,
    })
    const oldEndsAt = graceFrom === 'now' ? await endAfterGrace(tx, workspace.id, old, { from: now, graceSeconds, now }) : old.expires_at
    return {
      resource: { kind: 'api_key', id: old.id, label: old.name },
      before: toApiKey(old),
      after: {
        successor: toApiKey(created),
        grace_from: graceFrom,
        grace_seconds: graceSeconds,
        expires_at: oldEndsAt?.toISOString() ?? null,
      },
      result: created,
    }
  })
  return { ...toApiKey(row), key: token.plaintext }
}

async function refuseRotation(tx: Tx, workspaceId: string, key: ApiKeyRow, now: Date): Promise<void> {
  const refusal = (message: string) => new AppError('invalid_state', message)
  if (key.revoked_at !== null) throw refusal('The key has been revoked. Create a new one.')
  if (key.expires_at !== null && key.expires_at <= now) throw refusal('The key has expired. Create a new one.')
  if (await hasLiveSuccessor(tx, workspaceId, key.id, now)) {
    throw refusal('The key has been rotated already. Rotate the one that replaces it, or revoke that one first.')
  }
  // Else a chain of keys could be made of which none ever ends.
  if (key.grace_seconds === null || key.replaces_id === null) return
  const predecessor = await findApiKey(tx, workspaceId, key.replaces_id)
  if (!predecessor || (predecessor.expires_at !== null && predecessor.expires_at <= now)) return
  throw refusal('The key has not taken over yet from the one that it replaces. Use it once, or revoke one of the two.')
}
