import type { OwnerReads, WritePool } from '@freehold/db'
import { type Clock, newId } from '@freehold/kit'
import { insertAuditEvent } from '../audit/index.ts'
import type { RootKey, RootKeys } from '../root-keys/index.ts'
import { listUnderOlderRoot, updateSealedTotp } from './queries.ts'
import { sealTotpSecret, unsealTotpSecret } from './totp-secret.ts'

export type ResealTotpDeps = { owner: OwnerReads; writes: WritePool; roots: Pick<RootKeys, 'at'>; clock: Clock }

/** Seals up to `limit` authenticators' secrets that are under older root keys under this one; answers how many were under older ones. */
export async function resealTotp({ owner, writes, roots, clock }: ResealTotpDeps, root: RootKey, limit: number): Promise<number> {
  const rows = await owner.sql<{ user_id: string; sealed: Buffer; root_version: number }>(listUnderOlderRoot(root.version, limit))
  const [first] = rows
  if (!first) return 0
  await writes.transaction({ principalId: first.user_id }, async (tx) => {
    for (const { user_id: userId, sealed, root_version } of rows) {
      const secret = unsealTotpSecret(await roots.at(root_version), userId, sealed)
      await tx.enter({ principalId: userId })
      const anew = { userId, sealed: sealTotpSecret(root, userId, secret), rootVersion: root.version }
      if ((await tx.run(updateSealedTotp(anew, sealed))) === 0) continue
      const now = clock.now()
      await insertAuditEvent(tx, {
        id: newId(now.getTime()),
        chain: { kind: 'user', id: userId },
        at: now,
        actor: { kind: 'system', id: 'freehold', label: 'Rotation of the root key' },
        action: 'totp.reseal',
        resource: { kind: 'user', id: userId, label: 'Authenticator app' },
        before: { root_version },
        after: { root_version: root.version },
        requestId: null,
        ip: null,
      })
    }
  })
  return rows.length
}
