import { freshly, type Handler, type RequestContext, type StreamItem, type Visible } from '@freehold/authz/request'
import type { AuditEvent, Run } from '@freehold/contract'
import type { Db, Notification, Notifications, Scope } from '@freehold/db'
import { follow } from './follow.ts'

export type EventsDeps = {
  notifications: Notifications
  /** An event of a chain, read under a scope that reaches the chain. */
  readAuditEvent: (db: Db, chainId: string, eventId: string) => Promise<AuditEvent | undefined>
  /** A run, read under its workspace's scope. */
  readRun: (db: Db, runId: string) => Promise<Run | undefined>
}

/**
 * Audit events and runs of all that the caller may read, once each, as they are committed. `resync` tells the client that some were
 * missed, or that it no longer sees something it saw, so that it reads its lists again. Whether the caller may read an item is decided anew for each.
 */
export function streamEvents(deps: EventsDeps): Handler<'streamEvents'> {
  return async (ctx) =>
    async function* events(signal) {
      const notifications = follow(deps.notifications, isShown, signal)
      let seen = await freshly(ctx, async (fresh) => toSets(await fresh.visible()))
      for await (const notification of notifications) {
        if (notification === null) {
          yield resync
          continue
        }
        const { visible, item } = await readItem(deps, ctx, notification)
        // The event by which somebody loses access is not sent to them, but what they lost is still on their screen.
        if (lacksSomeOf(visible, seen)) yield resync
        seen = visible
        if (item) yield item
      }
    }
}

const resync: StreamItem = { event: 'resync', data: {} }

function lacksSomeOf(visible: VisibleSets, seen: VisibleSets): boolean {
  if (visible === seen) return false
  return (['workspaces', 'accounts', 'readableAccounts'] as const).some((kind) => [...seen[kind]].some((id) => !visible[kind].has(id)))
}

function isShown({ kind, id, workspace_id, account_id }: Notification): boolean {
  return (kind === 'audit' || kind === 'run') && id !== undefined && (workspace_id ?? account_id) !== undefined
}

type Sight = { visible: VisibleSets; item: StreamItem | null }

function readItem(deps: EventsDeps, ctx: RequestContext, notification: Notification): Promise<Sight> {
  return freshly(ctx, async (fresh) => {
    const visible = toSets(await fresh.visible())
    return { visible, item: await readVisibleItem(deps, fresh, visible, notification) }
  })
}

async function readVisibleItem(
  deps: EventsDeps,
  fresh: RequestContext,
  visible: VisibleSets,
  { kind, id, workspace_id: workspaceId, account_id: accountId }: Notification,
): Promise<StreamItem | null> {
  if (id === undefined) return null
  if (workspaceId !== undefined) {
    const listed = findListedScope(visible, workspaceId, accountId)
    if (!listed) return null
    if (kind === 'run') return readRun(deps, fresh.reading({ workspaceId }), workspaceId, id)
    return readAuditEvent(deps, fresh.reading(listed), workspaceId, id)
  }
  if (accountId === undefined || kind !== 'audit' || !visible.readableAccounts.has(accountId)) return null
  return readAuditEvent(deps, fresh.reading({ accountId }), accountId, id)
}

// The narrowest scope that the caller's own sight of the workspace justifies: a notification alone proves nothing.
function findListedScope(visible: VisibleSets, workspaceId: string, accountId: string | undefined): Scope | null {
  if (visible.workspaces.has(workspaceId)) return { listedWorkspaceIds: [workspaceId] }
  return accountId !== undefined && visible.accounts.has(accountId) ? { listedAccountIds: [accountId] } : null
}

async function readAuditEvent(deps: EventsDeps, db: Db, chainId: string, id: string): Promise<StreamItem | null> {
  const event = await deps.readAuditEvent(db, chainId, id)
  return event ? { event: 'audit', data: event } : null
}

async function readRun(deps: EventsDeps, db: Db, workspaceId: string, id: string): Promise<StreamItem | null> {
  const run = await deps.readRun(db, id)
  return run?.workspace_id === workspaceId ? { event: 'run', data: run } : null
}

type VisibleSets = { workspaces: Set<string>; accounts: Set<string>; readableAccounts: Set<string> }
const setsByVisible = new WeakMap<Visible, VisibleSets>()

// As long as the server answers the same object, its lists are not gone through for every notification.
function toSets(visible: Visible): VisibleSets {
  let sets = setsByVisible.get(visible)
  if (!sets) {
    sets = {
      workspaces: new Set(visible.workspaceIds),
      accounts: new Set(visible.accountIds),
      readableAccounts: new Set(visible.readableAccountIds),
    }
    setsByVisible.set(visible, sets)
  }
  return sets
}
