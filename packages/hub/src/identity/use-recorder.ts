import type { Principal } from '@freehold/authz/request'
import type { WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { type CredentialUse, upsertUses } from './use-queries.ts'

export type UseRecorder = {
  /** Remembers that a credential was used just now. Touches nothing but memory. */
  record(principal: Principal, ip: string): void
  /** Writes what is remembered. Never rejects. */
  flush(): Promise<void>
  /** Writes what is left and stops. */
  close(): Promise<void>
}

type Deps = {
  writes: WritePool
  clock: Clock
  logger?: { warn(detail: object, message: string): void } | undefined
  flushMs?: number
}

// Enough for any second's worth of credentials; beyond it a use goes unrecorded rather than the memory unbounded.
const rememberedCredentials = 10_000

/** Writes when and from where credentials were last used, once a flush for each, under the scope that each belongs to. */
export function createUseRecorder({ writes, clock, logger, flushMs = 1000 }: Deps): UseRecorder {
  let remembered = new Map<string, CredentialUse>()
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> = Promise.resolve()
  let closed = false

  async function write(uses: CredentialUse[]): Promise<void> {
    // One owner after the other: this is background work, and the connections are the requests'.
    for (const group of groupByOwner(uses)) {
      const { workspaceId, userId } = group[0]!
      const scope = { workspaceId: workspaceId ?? undefined, principalId: userId ?? undefined }
      try {
        await writes.transaction(scope, (tx) => tx.run(upsertUses(group)))
      } catch (error) {
        logger?.warn({ err: error, credentials: group.length }, 'the last use of credentials could not be written')
      }
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const uses = [...remembered.values()]
    remembered = new Map()
    flushing = flushing.then(() => write(uses))
    return flushing
  }

  return {
    record(principal, ip) {
      const { id: credentialId } = principal.credential
      if (closed || (remembered.size >= rememberedCredentials && !remembered.has(credentialId))) return
      const userId = principal.kind === 'user' ? principal.id : null
      remembered.set(credentialId, { credentialId, workspaceId: principal.workspaceId, userId, usedAt: clock.now(), ip })
      timer ??= setTimeout(() => void flush(), flushMs).unref()
    },
    flush,
    async close() {
      closed = true
      await flush()
    },
  }
}

/** Sorted by id within an owner, so that two processes which write the same rows wait for each other instead of deadlocking. */
function groupByOwner(uses: readonly CredentialUse[]): CredentialUse[][] {
  const sorted = uses.toSorted((a, b) => (a.credentialId < b.credentialId ? -1 : 1))
  return [...Map.groupBy(sorted, (use) => use.workspaceId ?? use.userId).values()]
}
