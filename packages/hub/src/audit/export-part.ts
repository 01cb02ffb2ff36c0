import type { ExportPart } from '@freehold/authz/request'
import { listSealedTexts } from './feed-queries.ts'
import { findHead } from './seal-queries.ts'

// Large enough that asking anew for each page costs little, small enough to be of no weight.
const pageLength = 256 * 1024

/** The chain up to where it is sealed when its turn comes, oldest first, each event with its links. */
export const auditExport: ExportPart = {
  name: 'audit',
  columns: [
    'seq',
    'id',
    'at',
    'actor',
    'action',
    'resource',
    'before',
    'after',
    'request_id',
    'ip',
    'workspace_id',
    'account_id',
    'prev_hash',
    'hash',
  ],
  async *pages(ctx, workspaceId, between) {
    const { head } = await findHead(ctx.db, workspaceId)
    const lastSeq = head?.seq ?? 0
    let afterSeq = 0
    let limit = 100
    while (afterSeq < lastSeq) {
      const page = await listSealedTexts(ctx.db, workspaceId, { afterSeq, lastSeq, limit, maxBytes: 4 * pageLength, between })
      if (page === null) return
      afterSeq = page.seq
      limit = Math.max(20, Math.min(2000, Math.floor((page.count * pageLength) / page.text.length)))
      yield page
    }
  },
}
