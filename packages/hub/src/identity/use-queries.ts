import { build } from '@freehold/db'

export type CredentialUse = { credentialId: string; workspaceId: string | null; userId: string | null; usedAt: Date; ip: string }
export type MemberActivity = { workspaceId: string; userId: string; activeAt: Date }

/** Never moves a time back: another process may have seen a later use. */
export function upsertUses(uses: readonly CredentialUse[]) {
  return build
    .insertInto('hub.credential_use')
    .values(
      uses.map((use) => ({
        credential_id: use.credentialId,
        workspace_id: use.workspaceId,
        user_id: use.userId,
        last_used_at: use.usedAt,
        last_ip: use.ip,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .column('credential_id')
        .doUpdateSet((eb) => ({ last_used_at: eb.ref('excluded.last_used_at'), last_ip: eb.ref('excluded.last_ip') }))
        .whereRef('hub.credential_use.last_used_at', '<', 'excluded.last_used_at'),
    )
}

/** Of one workspace. Never moves a time back either. */
export function upsertActivity(activity: readonly MemberActivity[]) {
  return build
    .insertInto('hub.member_activity')
    .values(activity.map((one) => ({ workspace_id: one.workspaceId, user_id: one.userId, last_active_at: one.activeAt })))
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'user_id'])
        .doUpdateSet((eb) => ({ last_active_at: eb.ref('excluded.last_active_at') }))
        .whereRef('hub.member_activity.last_active_at', '<', 'excluded.last_active_at'),
    )
}
