import type { AuditAction } from '@freehold/contract'
import type { Db, ReadPool, Tx, WritePool } from '@freehold/db'
import type { ObjectStore } from '@freehold/drivers'
import type { Clock } from '@freehold/kit'
import type { Limits } from '../deps.ts'
import type { FileTokens } from './file-tokens.ts'
import type { Staging } from './staging.ts'

/** What the server gives files. */
export type FileOptions = {
  objects: ObjectStore
  limits: Limits
  places: Places
  /** Signs the URLs that the local store answers itself. Throws `sealed` without a root key. */
  urlKey(): Buffer
  /** What clients reach the server by. */
  origin(): string
  writes: WritePool
  clock: Clock
  maxFileBytes?: number
}

/** What verbs of files are given. */
export type FileDeps = Pick<FileOptions, 'objects' | 'limits' | 'places' | 'origin'> & {
  staging: Staging
  tokens: FileTokens
  maxFileBytes: number
}

/** Where a workspace stands, under its own scope; undefined where there is none. */
export type Places = {
  find(db: Db, workspaceId: string): Promise<{ status: string; accountId: string } | undefined>
}

export type SweepOptions = {
  writes: WritePool
  reads: ReadPool
  objects: ObjectStore
  places: Places
  clock: Clock
  logger: { error(detail: object, message: string): void }
  /** Leaves an event of the installation's own work. */
  record(tx: Tx, event: SweepEvent): Promise<void>
  everyMs?: number
}
export type SweepEvent = {
  action: AuditAction
  workspaceId: string
  at: Date
  resource: { kind: 'file'; id: string; label: string }
  before: Record<string, unknown>
}

/** Limits of what a file may be; S3 takes no more than the first, and the second is what an installation takes unless told. */
export const largestFileBytes = 5 * 1024 ** 4
export const defaultMaxFileBytes = 50 * 1024 ** 3
export const versionDays = 30
export const uploadDays = 1
export const resumableDays = 7
