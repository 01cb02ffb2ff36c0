import { generateKeyPairSync } from 'node:crypto'
import { mintGranted } from '@freehold/authz'
import type { RequestContext, StreamAnswer, StreamItem, Visible } from '@freehold/authz/request'
import type { ChainVerification } from '@freehold/contract'
import { type Database, EpochMoved, type Scope } from '@freehold/db'
import { newId, systemClock } from '@freehold/kit'
import { createTestDatabase } from '@freehold/testing'
import pg from 'pg'
import { auditHandlers, type Chain, createSealer, insertAuditEvent, type NewAuditEvent } from '../index.ts'

export type World = Awaited<ReturnType<typeof openWorld>>
type Access = { workspaceId?: string; accountId?: string; permissions?: string[]; visible?: Partial<Visible>; onRenew?: () => void }

/** A database of its own, with the audit handlers as a server would call them. Sealers start only when a test starts them. */
export async function openWorld() {
  const { database, url, drop } = await createTestDatabase()
  const { privateKey } = generateKeyPairSync('ed25519')
  const signingKey = () => privateKey
  const errors: object[] = []
  const logger = { error: (detail: object) => void errors.push(detail) }
  const newSealer = () => createSealer({ ...database, signingKey, clock: systemClock, logger })

  return {
    database,
    signingKey,
    /** What sealers have logged. */
    errors,
    newSealer,
    sealer: newSealer(),
    handlers: auditHandlers({ notifications: database.notifications, signingKey }),
    /** A statement as the tables' owner, whom row-level security binds. */
    owner: <Row>(text: string, values: unknown[] = []) => asOwner<Row>(url, text, values),
    /** An edit by somebody who may do anything to the database. */
    tamper: (text: string, values: unknown[] = []) => tamper(url, text, values),
    insert: (event: Partial<NewAuditEvent> & { chain: Chain }) => insertEvent(database, event),
    context: (access: Access) => contextOf(database, access),
    close: drop,
  }
}

export const workspaceChain = (id: string): Chain => ({ kind: 'workspace', id })
export const accountChain = (id: string): Chain => ({ kind: 'account', id })

export function newEvent(event: Partial<NewAuditEvent> & { chain: Chain }): NewAuditEvent {
  return {
    id: newId(),
    at: new Date(),
    actor: { kind: 'user', id: newId(), label: 'Somebody' },
    action: 'workspace.update',
    resource: { kind: event.chain.kind, id: event.chain.id, label: 'A name' },
    before: { name: 'Before', count: 1 },
    after: { name: 'After', count: 2.5, list: [1, { deep: null }], text: 'é\u2028"' },
    requestId: newId(),
    ip: '192.0.2.7',
    ...event,
  }
}

export function scopeOf(chain: Chain): Scope {
  if (chain.kind === 'workspace') return { workspaceId: chain.id }
  return chain.kind === 'account' ? { accountId: chain.id } : { principalId: chain.id }
}

async function insertEvent(database: Database, partial: Partial<NewAuditEvent> & { chain: Chain }): Promise<string> {
  const event = newEvent(partial)
  await database.writes.transaction(scopeOf(event.chain), (tx) => insertAuditEvent(tx, event))
  return event.id
}

function contextOf(database: Database, access: Access): RequestContext {
  const guarded: Scope = access.workspaceId ? { workspaceId: access.workspaceId } : { accountId: access.accountId, principalId: newId() }
  const visible: Visible = {
    workspaceIds: [],
    accountIds: [],
    readableAccountIds: [],
    accountPermissions: new Map(),
    withheldAccounts: 0,
    ...access.visible,
  }
  const ctx = {
    clock: systemClock,
    permissions: new Set(access.permissions ?? ['read']),
    db: database.reads.under(guarded),
    reading: (scope: Scope) => database.reads.under(scope),
    granted: (type: 'workspace' | 'account', permission: 'read') => {
      const id = type === 'workspace' ? access.workspaceId : access.accountId
      if (id === undefined) throw new Error(`no ${permission} on a ${type} was granted`)
      return mintGranted(type, id)
    },
    visible: async () => visible,
    renew: async () => {
      access.onRenew?.()
      return ctx
    },
  } as unknown as RequestContext
  return ctx
}

/** Takes `count` items of a stream, then closes it as a client that goes away would. */
export async function take(stream: StreamAnswer, count: number, lastEventId: string | null = null): Promise<StreamItem[]> {
  const abort = new AbortController()
  const items: StreamItem[] = []
  for await (const item of stream(abort.signal, lastEventId)) {
    items.push(item)
    if (items.length >= count) break
  }
  abort.abort()
  return items
}

/** A workspace's export, line by line. */
export async function exportLines(world: World, workspaceId: string): Promise<Record<string, unknown>[]> {
  const answer = await world.handlers.exportWorkspaceAudit(world.context({ workspaceId }), inputOf(workspaceId))
  return (await take(answer, Number.MAX_SAFE_INTEGER)).map(({ data }) => data as Record<string, unknown>)
}

export function verifyWorkspace(world: World, workspaceId: string): Promise<ChainVerification> {
  return world.handlers.verifyWorkspaceAudit(world.context({ workspaceId }), inputOf(workspaceId))
}

export function inputOf(workspaceId: string) {
  return { params: { workspace_id: workspaceId }, query: {}, body: undefined }
}

export const epochMoved = () => new EpochMoved('a gate has moved')

async function asOwner<Row>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text, values)).rows as Row[]
  } finally {
    await client.end()
  }
}

// The owner can lift what binds it: no policy and no trigger stops who controls the database. The chain has to tell.
async function tamper(url: string, text: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const tables = ['hub.audit_event', 'hub.audit_head', 'hub.audit_unsealed']
  try {
    await client.query('begin')
    for (const table of tables) await client.query(`alter table ${table} no force row level security`)
    await client.query('alter table hub.audit_event disable trigger refuse_resealing')
    const { rowCount } = await client.query(text, values)
    if (!rowCount) throw new Error('the edit touched no row')
    await client.query('alter table hub.audit_event enable trigger refuse_resealing')
    for (const table of tables) await client.query(`alter table ${table} force row level security`)
    await client.query('commit')
  } finally {
    await client.end()
  }
}
