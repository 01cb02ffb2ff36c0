import type { Principal } from '@freehold/authz/request'
import type { Scope, Tx, WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { insertGraceStarts } from '../api-keys/index.ts'
import { type CredentialUse, type MemberActivity, upsertActivity, upsertUses } from './use-queries.ts'

export type UseRecorder = {
  /** Remembers that a credential was used just now, in a workspace or in none. Touches nothing but memory. */
  record(principal: Principal, ip: string, workspaceId: string | null): void
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

// Enough for any second's worth of each; beyond it a use goes unrecorded rather than the memory unbounded.
const rememberedUses = 10_000

/**
 * Writes when and from where credentials were last used, and when people were last active in a workspace, once a flush
 * for each, under the scope that each belongs to.
 */
export function createUseRecorder({ writes, clock, logger, flushMs = 1000 }: Deps): UseRecorder {
  let uses = new Map<string, CredentialUse>()
  let activity = new Map<string, MemberActivity>()
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> = Promise.resolve()
  let closed = false

  // One owner after the other: this is background work, and the connections are the requests'.
  async function write({ uses, activity }: { uses: CredentialUse[]; activity: MemberActivity[] }): Promise<void> {
    for (const group of groupBy(uses, ownerOf, ({ credentialId }) => credentialId)) {
      const { workspaceId, userId } = group[0]!
      const ids = group.map(({ credentialId }) => credentialId)
      // The first use of a key that was made by a rotation may be what the old one's grace waits for.
      const starts = workspaceId === null ? [] : [insertGraceStarts(ids, clock.now())]
      await attempt({ workspaceId: workspaceId ?? undefined, principalId: userId ?? undefined }, upsertUses(group), ...starts)
    }
    for (const group of groupBy(activity, placeOf, ({ userId }) => userId)) {
      await attempt({ workspaceId: group[0]!.workspaceId }, upsertActivity(group))
    }
  }

  async function attempt(scope: Scope, ...changes: Parameters<Tx['run']>[0][]): Promise<void> {
    try {
      await writes.transaction(scope, async (tx) => {
        for (const change of changes) await tx.run(change)
      })
    } catch (error) {
      logger?.warn({ err: error }, 'the last use of credentials could not be written')
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const taken = { uses: [...uses.values()], activity: [...activity.values()] }
    uses = new Map()
    activity = new Map()
    flushing = flushing.then(() => write(taken))
    return flushing
  }

  return {
    record(principal, ip, workspaceId) {
      if (closed) return
      const usedAt = clock.now()
      const { id: credentialId, kind } = principal.credential
      const userId = principal.kind === 'user' ? principal.id : null
      // A token that is only a signature is stored nowhere.
      if (kind !== 'workspace_token') remember(uses, credentialId, { credentialId, workspaceId: principal.workspaceId, userId, usedAt, ip })
      if (userId !== null && workspaceId !== null) remember(activity, `${workspaceId} ${userId}`, { workspaceId, userId, activeAt: usedAt })
      timer ??= setTimeout(() => void flush(), flushMs).unref()
    },
    flush,
    async close() {
      closed = true
      await flush()
    },
  }
}

function remember<Use>(uses: Map<string, Use>, key: string, use: Use): void {
  if (uses.size < rememberedUses || uses.has(key)) uses.set(key, use)
}

const ownerOf = ({ workspaceId, userId }: CredentialUse) => workspaceId ?? userId
const placeOf = ({ workspaceId }: MemberActivity) => workspaceId

/** Sorted within a group, so that two processes which write the same rows wait for each other instead of deadlocking. */
function groupBy<Use>(uses: readonly Use[], groupOf: (use: Use) => string | null, keyOf: (use: Use) => string): Use[][] {
  const sorted = uses.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  return [...Map.groupBy(sorted, groupOf).values()]
}
