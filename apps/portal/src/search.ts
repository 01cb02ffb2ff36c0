import type { SecretCategory } from '@freehold/contract'
import { categories } from './secrets/categories.ts'
import { type Condition, conditionOps } from './vault/conditions.ts'
import { workspaceStatuses } from './workspace/statuses.ts'
import type { AuditFilters } from './api/audit.ts'
import type { WorkspaceFilters } from './api/workspaces.ts'

type Raw = Record<string, unknown>

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined
const flag = (value: unknown): true | undefined => (value === true ? true : undefined)
const day = (value: unknown): string | undefined => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined)
const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined => allowed.find((candidate) => candidate === value)

/** Drops what is not set, so that a URL says no more than it must. */
function compact<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T
}

export type WorkspacesSearch = WorkspaceFilters & { new?: true | undefined }
export const readWorkspacesSearch = (raw: Raw): WorkspacesSearch =>
  compact({
    q: text(raw['q']),
    status: oneOf(raw['status'], workspaceStatuses),
    account: text(raw['account']),
    cursor: text(raw['cursor']),
    new: flag(raw['new']),
  })

export const readAuditSearch = (raw: Raw): AuditFilters =>
  compact({
    actor: text(raw['actor']),
    action: text(raw['action']),
    resource: text(raw['resource']),
    since: day(raw['since']),
    until: day(raw['until']),
    cursor: text(raw['cursor']),
  })

const overviewActions = ['freeze', 'unfreeze', 'archive', 'restore', 'cancel'] as const
export type OverviewSearch = { action?: (typeof overviewActions)[number] | undefined }
export const readOverviewSearch = (raw: Raw): OverviewSearch => compact({ action: oneOf(raw['action'], overviewActions) })

export type ItemDialogSearch = { new?: true | undefined; revoke?: string | undefined }
const readItemDialogSearch = (raw: Raw): ItemDialogSearch => compact({ new: flag(raw['new']), revoke: text(raw['revoke']) })

const profileActions = ['set-up-app', 'turn-off-app', 'recovery-codes', 'add-passkey', 'remove-passkey'] as const
export type ProfileSearch = ItemDialogSearch & { action?: (typeof profileActions)[number] | undefined; id?: string | undefined }
export const readProfileSearch = (raw: Raw): ProfileSearch =>
  compact({ ...readItemDialogSearch(raw), action: oneOf(raw['action'], profileActions), id: text(raw['id']) })

/** Of a list with dialogs: what it is filtered by, where it is, and which dialog is open about which row. */
export type ListSearch = {
  q?: string | undefined
  state?: string | undefined
  cursor?: string | undefined
  new?: true | undefined
  action?: string | undefined
  id?: string | undefined
}
export const readListSearch = (raw: Raw): ListSearch =>
  compact({
    q: text(raw['q']),
    state: text(raw['state']),
    cursor: text(raw['cursor']),
    new: flag(raw['new']),
    action: text(raw['action']),
    id: text(raw['id']),
  })

/** A list of what belongs to environments. */
export type SecretsSearch = ListSearch & { environment?: string | undefined; category?: SecretCategory | undefined }
export const readSecretsSearch = (raw: Raw): SecretsSearch =>
  compact({
    ...readListSearch(raw),
    environment: text(raw['environment']),
    category: oneOf(
      raw['category'],
      categories.map(({ value }) => value),
    ),
  })

/** Files: which folder, and which file of it is open. */
export type FilesSearch = ListSearch & { path?: string | undefined }
export const readFilesSearch = (raw: Raw): FilesSearch => compact({ ...readListSearch(raw), path: text(raw['path']) })

/** Of a collection: the conditions that all must hold, the field that is sorted by (with a `-` in front: downwards), and the part that is shown. */
export type VaultSearch = ListSearch & {
  where?: readonly Condition[] | undefined
  sort?: string | undefined
  tab?: 'schema' | undefined
}
export const readVaultSearch = (raw: Raw): VaultSearch =>
  compact({
    ...readListSearch(raw),
    where: conditions(raw['where']),
    sort: text(raw['sort']),
    tab: oneOf(raw['tab'], ['schema']),
  })

function conditions(value: unknown): readonly Condition[] | undefined {
  if (!Array.isArray(value)) return undefined
  const read = value.flatMap((item: unknown): Condition[] => {
    if (!Array.isArray(item)) return []
    const [field, op, wanted] = item.map(text)
    const known = oneOf(op, conditionOps)
    return field && known ? [[field, known, wanted ?? '']] : []
  })
  return read.length > 0 ? read.slice(0, 20) : undefined
}

export type CursorSearch = { cursor?: string | undefined }
export const readCursorSearch = (raw: Raw): CursorSearch => compact({ cursor: text(raw['cursor']) })

export type LoginSearch = { next?: string | undefined }
/** Only a path of this origin: `//elsewhere` would lead a person who has just signed in to somebody else. */
export const readLoginSearch = (raw: Raw): LoginSearch => {
  const next = text(raw['next'])
  return compact({ next: next && /^\/(?![/\\])/.test(next) ? next : undefined })
}
