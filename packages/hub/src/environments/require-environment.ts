import { AppError } from '@freehold/contract'
import type { Db } from '@freehold/db'
import { hasEnvironment } from './queries.ts'

/** Throws `not_found` where the workspace has no environment of this slug. */
export async function requireEnvironment(db: Db, workspaceId: string, slug: string): Promise<void> {
  if (await hasEnvironment(db, workspaceId, slug)) return
  throw new AppError('not_found', `The workspace has no environment \`${slug}\`. \`GET …/environments\` lists those it has.`)
}
