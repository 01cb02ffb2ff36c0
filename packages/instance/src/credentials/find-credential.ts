import { AppError } from '@freehold/contract'
import type { CredentialRow } from './queries.ts'

/** Throws `not_found` where there is none: also for the id of another workspace's. */
export function existing(row: CredentialRow | undefined): CredentialRow {
  if (!row) throw new AppError('not_found', 'No such credential in this workspace.')
  return row
}
