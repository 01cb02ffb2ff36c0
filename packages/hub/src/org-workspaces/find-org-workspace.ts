import { AppError } from '@freehold/contract'
import type { Db } from '@freehold/db'
import { listLimits } from '../limits/index.ts'
import { listOrgWorkspaceRows, type OrgWorkspaceRow } from './queries.ts'

/** A workspace with its profile and the limits that are its own. */
export type Configured = { row: OrgWorkspaceRow; limits: Readonly<Record<string, number>> }

/** Throws `not_found`. */
export async function requireOrgWorkspace(db: Db, { id }: { id: string }): Promise<Configured> {
  const found = (await findOrgWorkspaces(db, [id])).get(id)
  if (!found) throw new AppError('not_found', 'No such workspace.')
  return found
}

/** Those of the ids that are there, under a scope that shows them. */
export async function findOrgWorkspaces(db: Db, ids: readonly string[]): Promise<Map<string, Configured>> {
  if (ids.length === 0) return new Map()
  const [rows, limits] = await Promise.all([listOrgWorkspaceRows(db, ids), listLimits(db, ids)])
  return new Map(rows.map((row) => [row.id, { row, limits: limits.get(row.id) ?? {} }]))
}
