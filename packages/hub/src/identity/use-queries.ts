import { build } from '@freehold/db'

export type CredentialUse = { credentialId: string; workspaceId: string | null; userId: string | null; usedAt: Date; ip: string }

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
