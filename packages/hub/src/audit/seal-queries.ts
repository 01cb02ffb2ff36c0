import { channel, type Db, type Notification, type ReadPool, type Tx } from '@freehold/db'
import type { Chain } from './event.ts'
import { eventColumns } from './event-columns.ts'
import type { Head } from './head.ts'
import type { StoredEvent } from './stored-event.ts'

/** Chains among the `events` oldest events that wait, by ids alone: no chain is entered. */
export async function findUnsealedChains(reads: ReadPool, events: number): Promise<{ chain: Chain; events: number }[]> {
  const rows = await reads.under({ proof: {} }).sql<{ chain_kind: Chain['kind']; chain_id: string; events: number }>({
    name: 'audit_unsealed_chains',
    text: `select chain_kind, chain_id, count(*)::int as events
           from (select chain_kind, chain_id, event_id from hub.audit_unsealed order by event_id limit $1) as oldest
           group by chain_kind, chain_id order by min(event_id::text)`,
    values: [events],
  })
  return rows.map((row) => ({ chain: { kind: row.chain_kind, id: row.chain_id }, events: row.events }))
}

/** Takes the chain for this transaction, unless another sealer has it. */
export async function tryLockChain(tx: Tx, chain: Chain): Promise<boolean> {
  const rows = await tx.sql<{ taken: boolean }>({
    name: 'audit_lock_chain',
    text: `select pg_try_advisory_xact_lock(hashtextextended('audit_chain:' || $1, 0)) as taken`,
    values: [chain.id],
  })
  return rows[0]?.taken === true
}

export type Unsealed = { head: { seq: number; hash: string } | null; events: StoredEvent[] }

/** The chain's head and its oldest events that wait, in the order of their ids. */
export async function listUnsealed(tx: Tx, chain: Chain, limit: number): Promise<Unsealed> {
  const rows = await tx.sql<StoredEvent & { head_seq: string | null; head_hash: string | null }>({
    name: 'audit_list_unsealed',
    text: `select ${eventColumns}, h.seq as head_seq, h.hash as head_hash
           from hub.audit_unsealed u
           join hub.audit_event e on e.id = u.event_id and e.chain_id = u.chain_id and e.seq is null
           left join hub.audit_head h on h.chain_id = u.chain_id
           where u.chain_id = $1 order by u.event_id limit $2`,
    values: [chain.id, limit],
  })
  const [first] = rows
  const head = first?.head_seq && first.head_hash !== null ? { seq: Number(first.head_seq), hash: first.head_hash } : null
  return { head, events: rows }
}

export type Seal = { id: string; seq: number; prevHash: string; hash: string }

/** Links events into their chain, moves its head from `from` and tells every process. Throws unless all of it happened. */
export async function insertSeals(tx: Tx, chain: Chain, seals: Seal[], head: Head & { from: number; signature: string }): Promise<void> {
  const id = { workspace: 'workspace_id', account: 'account_id', user: 'user_id' } as const
  const notification: Notification = { kind: 'sealed', [id[chain.kind]]: chain.id }
  const rows = await tx.sql<{ events: number; heads: number }>({
    name: 'audit_insert_seals',
    text: `
      with sealed as (
        update hub.audit_event e set seq = s.seq, prev_hash = s.prev_hash, hash = s.hash
        from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) as s (id, seq, prev_hash, hash)
        where e.id = s.id and e.chain_id = $5 and e.seq is null
        returning 1
      ), head as (
        insert into hub.audit_head as h (chain_id, chain_kind, seq, hash, at, signature) values ($5, $6, $7, $8, $9, $10)
        on conflict (chain_id) do update set seq = excluded.seq, hash = excluded.hash, at = excluded.at, signature = excluded.signature
        where h.seq = $11
        returning 1
      ), unqueued as (
        delete from hub.audit_unsealed where event_id = any ($1::uuid[])
      )
      select (select count(*) from sealed)::int as events, (select count(*) from head)::int as heads, pg_notify('${channel}', $12)`,
    values: [
      seals.map((seal) => seal.id),
      seals.map((seal) => seal.seq),
      seals.map((seal) => seal.prevHash),
      seals.map((seal) => seal.hash),
      chain.id,
      chain.kind,
      head.seq,
      head.hash,
      head.at,
      head.signature,
      head.from,
      JSON.stringify(notification),
    ],
  })
  if (rows[0]?.events !== seals.length || rows[0].heads !== 1) throw new Error(`audit chain ${chain.id} changed while it was being sealed`)
}

export type StoredHead = Head & { signature: string }

/** The chain's head, and the last place that any of its events claims. Both in one snapshot. */
export async function findHead(db: Db, chainId: string): Promise<{ head: StoredHead | null; lastSeq: number; unsealed: number }> {
  const rows = await db.sql<{ seq: string | null; hash: string; at: Date; signature: string; last_seq: string; unsealed: number }>({
    name: 'audit_find_head',
    text: `select h.seq, h.hash, h.at, h.signature,
             coalesce((select max(e.seq) from hub.audit_event e where e.chain_id = $1), 0) as last_seq,
             (select count(*) from hub.audit_event e where e.chain_id = $1 and e.seq is null)::int as unsealed
           from (select $1::uuid as id) as chain left join hub.audit_head h on h.chain_id = chain.id`,
    values: [chainId],
  })
  const row = rows[0]!
  const head =
    row.seq === null ? null : { chain: chainId, seq: Number(row.seq), hash: row.hash, at: row.at.toISOString(), signature: row.signature }
  return { head, lastSeq: Number(row.last_seq), unsealed: row.unsealed }
}
