import type pg from 'pg'
import { waitFor } from './wait-for.ts'

export type StoredAudit = {
  id: string
  chain_kind: string
  chain_id: string
  action: string
  actor_kind: string
  actor_id: string
  request_id: string | null
}

// When credentials and people were last active, and which bytes are still to be removed, is written in the background, and pg-boss notes its own housekeeping.
const restless = [
  'hub.credential_use',
  'hub.member_activity',
  'instance.file_cleanup',
  'jobs.queue',
  'jobs.version',
  'jobs.bam',
  'jobs.warning',
  'jobs.queue_stats',
  'jobs.schedule',
]

/** Every table of ours and of the job queue, as the superuser sees them. */
export async function listTables(superuser: pg.Client): Promise<string[]> {
  const { rows } = await superuser.query<{ name: string }>(
    `select format('%s.%s', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('hub', 'instance', 'jobs') and c.relkind = 'r' order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** A digest of each table's rows. Two that are equal mean that nothing has changed. */
export async function fingerprint(superuser: pg.Client, except: readonly string[] = []): Promise<Record<string, string>> {
  const tables = (await listTables(superuser)).filter((table) => !restless.includes(table) && !except.includes(table))
  const digests = tables.map(
    (table) => `select '${table}' as name, md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) as digest from ${table} t`,
  )
  const { rows } = await superuser.query<{ name: string; digest: string }>(digests.join(' union all '))
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]))
}

/** Waits until runs have ended and the sealer has nothing left, so that only requests change anything. */
export async function settle(superuser: pg.Client): Promise<void> {
  await waitFor(
    async () =>
      (
        await superuser.query<{ left: number }>(
          `select ((select count(*) from hub.audit_unsealed) + (select count(*) from hub.saga_pending)
             + (select count(*) from jobs.job where state < 'completed' and name = 'runs'))::int as left`,
        )
      ).rows[0]!.left,
    (left) => left === 0,
  )
}

/** Events that carry a request id. */
export async function auditOf(superuser: pg.Client, requestId: string): Promise<StoredAudit[]> {
  const { rows } = await superuser.query<StoredAudit>(
    'select id, chain_kind, chain_id, action, actor_kind, actor_id, request_id from hub.audit_event where request_id = $1',
    [requestId],
  )
  return rows
}

/** The tables in which a text stands, as it is, in hex (as bytea shows) or in base64. */
export async function findText(superuser: pg.Client, text: string): Promise<string[]> {
  const bytes = Buffer.from(text)
  const needles = [text, bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')].map(
    (needle) => `%${needle.replace(/[\\%_]/g, '\\$&')}%`,
  )
  const tables = await listTables(superuser)
  const found = await superuser.query<{ name: string }>(
    tables
      .map((table) => `select '${table}' as name where exists (select from ${table} t where t::text like any ($1))`)
      .join(' union all '),
    [needles],
  )
  return found.rows.map(({ name }) => name)
}
