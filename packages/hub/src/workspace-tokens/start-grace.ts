import type { WritePool } from '@freehold/db'
import { newId } from '@freehold/kit'
import { insertAuditEvent } from '../audit/index.ts'
import { raiseGates } from '../gates/index.ts'
import type { TokenMaterial } from './queries.ts'
import { beginGrace } from './secret-queries.ts'

/** Whether an older secret waits for the first use of the one that was used now. */
export function awaitsGrace({ secrets }: TokenMaterial, usedId: string | null): boolean {
  return usedId !== null && secrets.some(({ id, graceSeconds, expiresAt }) => id < usedId && graceSeconds !== null && expiresAt === null)
}

type FirstUse = { workspaceId: string; accountId: string; usedId: string; now: Date }

/** Lets the older secrets end, each after its grace. What was decided by them is decided anew, and then knows when they end. */
export async function startGrace(writes: WritePool, { workspaceId, accountId, usedId, now }: FirstUse): Promise<void> {
  const lock = { workspaceId, mode: 'shared' } as const
  await writes.transaction(
    { workspaceId, accountId },
    async (tx) => {
      const ending = await beginGrace(tx, workspaceId, { usedId, now })
      if (ending.length === 0) return
      await raiseGates(tx, [workspaceId])
      await insertAuditEvent(tx, {
        id: newId(now.getTime()),
        chain: { kind: 'workspace', id: workspaceId },
        accountId,
        at: now,
        actor: { kind: 'system', id: workspaceId, label: 'Rotation of the secret' },
        action: 'workspace.secret_grace_start',
        resource: { kind: 'workspace', id: workspaceId, label: 'Secret' },
        after: { ends: ending.map((secret) => ({ id: secret.id, expires_at: secret.expires_at })) },
        requestId: null,
        ip: null,
      })
    },
    lock,
  )
}
