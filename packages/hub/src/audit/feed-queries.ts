import { hash } from 'node:crypto'
import type { Granted } from '@freehold/authz'
import type { Visible } from '@freehold/authz/request'
import { type AuditAction, auditActions } from '@freehold/contract'
import type { Db, Statement } from '@freehold/db'
import { eventColumns, sealedColumns, sealedText } from './event-columns.ts'
import { type FeedQuery, filterConditions, type Values } from './filter.ts'
import type { SealedRow, StoredEvent } from './stored-event.ts'

/** Keyset paging by id, newest first; one row too many tells that there is a next page. */
export type FeedPage = { limit: number; after: string | null }
type Workspace = Granted<'workspace', 'read'>

/** What an account's feed shows of its workspaces: that they begin and end, not what happens inside. */
const lifecycleActions: readonly AuditAction[] = [
  'workspace.create',
  'workspace.activate',
  'workspace.fail',
  'workspace.freeze',
  'workspace.unfreeze',
  ...auditActions.filter((action) => action.startsWith('provisioning_run.')),
]

export function listWorkspaceEvents(db: Db, workspace: Workspace, query: FeedQuery, page: FeedPage): Promise<StoredEvent[]> {
  return db.sql(
    compose((value) => {
      const conditions = ["e.chain_kind = 'workspace'", `e.chain_id = ${value(workspace.id)}`, ...pageConditions(query, page, value)]
      return selectEvents(conditions, value(page.limit + 1))
    }),
  )
}

/** The account's own chain; `withWorkspaces` adds its workspaces' lifecycle, for who administers the account. */
export function listAccountEvents(
  db: Db,
  account: Granted<'account', 'read'>,
  query: FeedQuery,
  page: FeedPage & { withWorkspaces: boolean },
): Promise<StoredEvent[]> {
  return db.sql(
    compose((value) => {
      const account_id = value(account.id)
      const reach = page.withWorkspaces
        ? `e.account_id = ${account_id}
           and (e.chain_kind = 'account' or (e.chain_kind = 'workspace' and e.action = any (${value(lifecycleActions)}::text[])))`
        : `e.chain_kind = 'account' and e.chain_id = ${account_id}`
      return selectEvents([reach, ...pageConditions(query, page, value)], value(page.limit + 1))
    }),
  )
}

/**
 * One feed of many chains. A chain whose newest event is older than the newest events of `limit` other chains adds nothing to the page,
 * so an index probe a chain finds the few that can; an account's workspaces count as one.
 */
export function listVisibleEvents(db: Db, visible: Visible, query: FeedQuery, page: FeedPage): Promise<StoredEvent[]> {
  return db.sql(
    compose((value) => {
      const conditions = pageConditions(query, page, value)
      const limit = value(page.limit + 1)
      const chains = (kind: string, ids: readonly string[]) =>
        newestOf(
          `unnest(${value(ids)}::uuid[]) as source (id)`,
          [`e.chain_kind = '${kind}'`, 'e.chain_id = source.id', ...conditions],
          limit,
        )
      const accounts = newestOf(
        `unnest(${value(visible.accountIds)}::uuid[]) as source (id)`,
        ["e.chain_kind = 'workspace'", 'e.account_id = source.id', ...conditions],
        limit,
      )
      const found = [chains('workspace', visible.workspaceIds), chains('account', visible.readableAccountIds), accounts]
      return `select * from (
          select distinct on (id) * from (${found.map((text) => `(${text})`).join(' union all ')}) as found order by id desc
        ) as once order by id desc limit ${limit}`
    }),
  )
}

function newestOf(sources: string, conditions: string[], limit: string): string {
  const where = conditions.join(' and ')
  return `
    select e.* from (
      select source.id from ${sources}
      cross join lateral (select e.id from hub.audit_event e where ${where} order by e.id desc limit 1) as newest
      order by newest.id desc limit ${limit}
    ) as source
    cross join lateral (select ${eventColumns} from hub.audit_event e where ${where} order by e.id desc limit ${limit}) as e`
}

/** Sealed events behind the place `afterSeq`, up to `lastSeq` if it is given, in the order of the chain. */
export function listSealedEvents(
  db: Db,
  workspace: Workspace,
  range: { afterSeq: number; lastSeq?: number | undefined; limit: number },
): Promise<SealedRow[]> {
  return db.sql({
    name: 'audit_list_sealed',
    text: `select ${sealedColumns} from hub.audit_event e
           where e.chain_id = $1 and e.seq > $2 and e.seq <= $3 order by e.seq limit $4`,
    values: [workspace.id, range.afterSeq, range.lastSeq ?? Number.MAX_SAFE_INTEGER, range.limit],
  })
}

type TextRange = { afterSeq: number; lastSeq: number; limit: number; maxBytes: number; between: string }

/**
 * Some of the same as JSON texts of a `SealedEvent`: at most `limit`, and none behind `maxBytes`. Null for none. A million of them would
 * cost this process many times what they cost the database.
 */
export async function listSealedTexts(
  db: Db,
  workspaceId: string,
  { afterSeq, lastSeq, limit, maxBytes, between }: TextRange,
): Promise<{ count: number; seq: number; text: string } | null> {
  const [page] = await db.sql<{ count: number; seq: string; text: string }>({
    name: 'audit_list_sealed_texts',
    text: `select count(*)::int as count, max(seq) as seq, string_agg(line, $6 order by seq) as text
           from (
             select seq, line, sum(octet_length(line)) over (order by seq rows unbounded preceding) - octet_length(line) as behind
             from (
               select e.seq, ${sealedText} as line from hub.audit_event e
               where e.chain_id = $1 and e.seq > $2 and e.seq <= $3 order by e.seq limit $4
             ) as lines
           ) as measured where behind < $5`,
    values: [workspaceId, afterSeq, lastSeq, limit, maxBytes, between],
  })
  return page && page.count > 0 ? { ...page, seq: Number(page.seq) } : null
}

/** An event by id, if it is in the chain that the scope was proved for. */
export async function findChainEvent(db: Db, chainId: string, eventId: string): Promise<StoredEvent | undefined> {
  const rows = await db.sql<StoredEvent>({
    name: 'audit_find_event',
    text: `select ${eventColumns} from hub.audit_event e where e.id = $1 and e.chain_id = $2`,
    values: [eventId, chainId],
  })
  return rows[0]
}

function selectEvents(conditions: string[], limit: string): string {
  return `select ${eventColumns} from hub.audit_event e where ${conditions.join(' and ')} order by e.id desc limit ${limit}`
}

function pageConditions(query: FeedQuery, page: FeedPage, value: Values): string[] {
  const conditions = filterConditions(query, value)
  return page.after === null ? conditions : [...conditions, `e.id < ${value(page.after)}`]
}

// Which filters are present decides the text, so there are few texts, and each is prepared under its own name.
function compose(write: (value: Values) => string): Statement {
  const values: unknown[] = []
  const text = write((value) => `$${values.push(value)}`)
  return { name: `audit_${hash('sha256', text, 'hex').slice(0, 20)}`, text, values }
}
