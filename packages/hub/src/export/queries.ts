import { AppError } from '@freehold/contract'
import { build, type Db } from '@freehold/db'

export async function findWorkspaceLabel(db: Db, workspaceId: string) {
  const row = await db.first(build.selectFrom('hub.workspace').select(['name', 'slug', 'settings']).where('id', '=', workspaceId))
  if (!row) throw new AppError('not_found', 'No such workspace.')
  return row
}
