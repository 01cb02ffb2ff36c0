import type { Handler } from '@freehold/authz/request'
import { readSealedEvents } from './read-sealed.ts'
import { findHead } from './seal-queries.ts'

/** BX-03: the sealed chain as it stands now, oldest first. Memory does not grow with its length. */
export const exportWorkspaceAudit: Handler<'exportWorkspaceAudit'> = async (ctx) => {
  const { head } = await findHead(ctx.db, ctx.granted('workspace', 'read').id)
  return async function* lines(signal) {
    const range = { afterSeq: 0, lastSeq: head?.seq ?? 0 }
    for await (const event of readSealedEvents(ctx, range, signal)) yield { event: 'audit', data: event, id: String(event.seq) }
  }
}
