import { build, type Db, type Tx } from '@freehold/db'
import { sql } from 'kysely'

export type Usage = { files: number; bytes: number }

/** What a workspace has, or has promised room for. */
export async function readUsage(db: Db, workspaceId: string): Promise<Usage> {
  const row = await db.first(build.selectFrom('instance.file_usage').select(['files', 'bytes']).where('workspace_id', '=', workspaceId))
  return { files: Number(row?.files ?? 0), bytes: Number(row?.bytes ?? 0) }
}

/** Adds, or with negative numbers takes away. */
export function addUsage(tx: Tx, workspaceId: string, { files, bytes }: Usage) {
  return tx.run(
    build
      .insertInto('instance.file_usage')
      .values({ workspace_id: workspaceId, files, bytes })
      .onConflict((conflict) =>
        conflict.column('workspace_id').doUpdateSet({
          files: sql`file_usage.files + excluded.files`,
          bytes: sql`file_usage.bytes + excluded.bytes`,
        }),
      ),
  )
}
