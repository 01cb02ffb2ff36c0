import type { ExportPart } from '@freehold/authz/request'
import { listSealedTexts } from './feed-queries.ts'
import { findHead } from './seal-queries.ts'

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
  async *pages(ctx, workspaceId) {
    const { head } = await findHead(ctx.db, workspaceId)
    const lastSeq = head?.seq ?? 0
    let afterSeq = 0
    while (afterSeq < lastSeq) {
      const page = await listSealedTexts(ctx.db, workspaceId, { afterSeq, lastSeq })
      if (page === null) return
      yield page
      afterSeq = page.seq
    }
  },
}
