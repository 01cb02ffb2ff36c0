import type { ExportPart } from '@freehold/authz/request'
import { listAllSecrets } from './queries.ts'
import { toListedSecret } from './secret-answer.ts'

const rowsARead = 500

/** What the lists of all environments show, never a value. */
export const secretExport: ExportPart = {
  name: 'secrets',
  perEnvironment: true,
  columns: [
    'id',
    'key',
    'environment',
    'category',
    'description',
    'version',
    'managed',
    'rotate_every_days',
    'rotation_due_at',
    'previous',
    'created_at',
    'updated_at',
    'updated_by',
    'last_read_at',
    'last_read_by',
  ],
  async *rows(ctx, workspaceId) {
    for (let after: string | null = null; ;) {
      const rows = await listAllSecrets(ctx.db, workspaceId, { limit: rowsARead, after })
      for (const row of rows) yield toListedSecret(row, ctx.clock.now())
      if (rows.length < rowsARead) return
      after = rows.at(-1)!.id
    }
  },
}
