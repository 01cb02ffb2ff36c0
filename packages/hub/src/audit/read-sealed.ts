import { freshly, type RequestContext } from '@freehold/authz/request'
import { listSealedEvents } from './feed-queries.ts'
import { type SealedEvent, toSealedEvent } from './stored-event.ts'

// Few enough that events with large snapshots fit in memory many times over.
const batch = 200

/** The guarded workspace's sealed events in order, read a batch at a time, each under an authorization of its own. */
export async function* readSealedEvents(
  ctx: RequestContext,
  range: { afterSeq: number; lastSeq?: number },
  signal?: AbortSignal,
): AsyncGenerator<SealedEvent, void, undefined> {
  let afterSeq = range.afterSeq
  while (!signal?.aborted) {
    const rows = await freshly(ctx, (fresh) =>
      listSealedEvents(fresh.db, fresh.granted('workspace', 'read'), { afterSeq, lastSeq: range.lastSeq, limit: batch }),
    )
    for (const row of rows) yield toSealedEvent(row)
    const last = rows.at(-1)
    if (last === undefined || rows.length < batch) return
    afterSeq = Number(last.seq)
  }
}
