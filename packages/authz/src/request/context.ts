import type { AuditAction, Permission, ResourceType } from '@freehold/contract'
import type { Db, Scope, Tx } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import type { Granted } from '../granted.ts'
import type { Principal } from './principal.ts'

/** What a mutation did: the resource as the audit event names it, what it was and is, and what the verb goes on with. */
export type Change<R> = {
  resource: { kind: string; id: string; label: string }
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
  result: R
}

/** Where a mutation happens, and so in whose chain its event is kept. */
export type Place = Granted<'workspace', Permission<'workspace'>> | Granted<'account', Permission<'account'>> | { type: 'user'; id: string }

export type MutateOptions = {
  /** Enter a scope of what is born in this transaction (a workspace, an account, a user) before `fn` runs. */
  born?: Pick<Scope, 'workspaceId' | 'accountId' | 'principalId' | 'proof'>
  /** Chain of the born object instead of the place's. */
  chain?: { kind: 'workspace' | 'account' | 'user'; id: string }
  /** What the lock is on, where that is not the place: a workspace or an account that the caller comes into by this change. */
  lockOn?: string
  /** `exclusive` waits until no writer of the workspace is in flight, and holds new ones off. */
  lock?: 'shared' | 'exclusive'
  /** Whose gates this change moves, beside those that `raiseGates` names in `fn`. */
  actor?: { kind: string; id: string; label: string }
}

/** Ids that a list may show: `ids` themselves, and everything whose parent account is in `accountIds`. */
export type Visible = {
  /** Newest first. */
  workspaceIds: string[]
  accountIds: string[]
  readableAccountIds: string[]
  /** What the caller may do on each readable account. */
  accountPermissions: ReadonlyMap<string, readonly Permission<'account'>[]>
  /** How many accounts keep the caller out for want of a second factor. */
  withheldAccounts: number
}

/** What a verb is given. It reads and writes under the scope that was authorized, and reaches no pool. */
export type RequestContext = {
  /** Anonymous on public routes. */
  readonly principal: Principal
  readonly clock: Clock
  readonly requestId: string
  readonly ip: string
  readonly userAgent: string
  /** A header of the request, by its name in lower case; null where it is absent. Credentials are not among them. */
  header(name: string): string | null
  /** A cookie that came along; null for none. The session's own has been read before. */
  cookie(name: string): string | null
  readonly dryRun: boolean
  /** Proof that the route's guard held; throws for any other permission or type. */
  granted<T extends ResourceType, P extends Permission<T>>(type: T, permission: P): Granted<T, P>
  /** All permissions of the caller on the guarded object. */
  readonly permissions: ReadonlySet<string>
  /** Reads under the guarded object's scope. */
  readonly db: Db
  /** Reads under another scope that the verb can justify (a list's visible ids, a narrow proof). Gates are kept. */
  reading(scope: Scope): Db
  /** What the caller may read. */
  visible(): Promise<Visible>
  /** One transaction: lock, gates, `fn`, its audit event. Commits when the answer is ready; a dry run rolls back. */
  mutate<R>(action: AuditAction, place: Place, fn: (tx: Tx) => Promise<Change<R>>, options?: MutateOptions): Promise<R>
  /** Something to do once the transaction has committed (never in a dry run). */
  afterCommit(effect: () => void): void
  /**
   * The same request, authenticated and authorized anew; throws what a new request would be answered. For streams. Proved by the first
   * read, nothing has compared the gates yet: that read throws EpochMoved, after which it must be renewed again.
   */
  renew(proof?: 'first_read'): Promise<RequestContext>
  /** Sets a header of the answer. */
  setHeader(name: string, value: string): void
}

/** One page of a list; `next` is the position that the next page starts after. */
export type PageOf<Item> = { items: Item[]; next: string | null }
