import type { ExportPart } from '@freehold/authz/request'
import { toCredential } from './credential-answer.ts'
import { listCredentials } from './queries.ts'

const pageRows = 500

/** Credentials in an export: without the masks, which would say something of the secrets to whoever keeps the file. */
export const credentialExport: ExportPart = {
  name: 'credentials',
  perEnvironment: true,
  columns: [
    'id',
    'name',
    'type',
    'environment',
    'fields',
    'needs_secret',
    'is_default',
    'version',
    'last_check',
    'created_at',
    'created_by',
    'updated_at',
  ],
  async *rows(ctx, workspaceId) {
    for (let after: string | null = null; ;) {
      const rows = await listCredentials(ctx.db, workspaceId, { limit: pageRows, after }, {})
      for (const row of rows.slice(0, pageRows)) {
        const { secrets: _masked, ...shown } = toCredential(row)
        yield shown
      }
      if (rows.length <= pageRows) return
      after = rows[pageRows - 1]!.id
    }
  },
}
