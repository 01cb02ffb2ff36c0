import { newId } from '@freehold/kit'
import type { TestDatabase } from '@freehold/testing'
import pg from 'pg'
import { runAs } from './notes.ts'

/** A tenant of the stress: how many rows it has, and the epoch that its gate has at least. */
export type StressTenant = { id: string; rowIds: string[]; epoch: number }
export type StressRow = { workspace_id: string; id: string; epoch: string }

const columns = 'workspace_id uuid not null, id uuid not null'

/**
 * Tenants with no row, few and many. `hub.stress_row` stays as it is; `hub.stress_state` has one row for each tenant, which
 * repeats its gate's epoch and moves with it; `hub.stress_written` is written by the writers.
 */
export async function createStressWorld({ url, superuserUrl }: TestDatabase, sizes: number[]): Promise<StressTenant[]> {
  const tables = [
    `hub.stress_row (${columns}, text text not null, primary key (workspace_id, id))`,
    'hub.stress_state (workspace_id uuid primary key, epoch bigint not null)',
    `hub.stress_written (${columns}, primary key (workspace_id, id))`,
  ]
  const statements = tables.map((table) => {
    const name = table.split(' ')[0]!
    return `create table ${table}; select hub.protect_workspace_table('${name}'); grant select, insert, update, delete on ${name} to freehold_app;`
  })
  await runAs(url, statements.join('\n'))
  const tenants = sizes.map((size) => ({ id: newId(), rowIds: Array.from({ length: size }, () => newId()), epoch: 1 }))
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  await client.query("begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
  for (const { id, rowIds } of tenants) {
    await client.query("insert into hub.gate (id, kind) values ($1, 'workspace')", [id])
    await client.query('insert into hub.stress_state values ($1, 1)', [id])
    await client.query("insert into hub.stress_row select $1, id, repeat('x', 200) from unnest($2::uuid[]) as id", [id, rowIds])
  }
  await client.query('commit')
  await client.end()
  return tenants
}

/** Cancels statements and shuts back ends down, at random, until stopped. Answers how often. */
export async function startSaboteur(superuserUrl: string, applicationNames: string[], everyMs: { cancel: number; kill: number }) {
  const client = new pg.Client({ connectionString: superuserUrl, pipeline: true })
  await client.connect()
  const done = { cancelled: 0, killed: 0 }
  const mine = 'from pg_stat_activity where datname = current_database() and application_name = any ($1)'
  const strike = async (kind: keyof typeof done, text: string) => {
    const { rows } = await client.query(text, [applicationNames])
    done[kind] += rows.length
  }
  const timers = [
    setInterval(() => void strike('cancelled', `select pg_cancel_backend(pid) ${mine} and state <> 'idle'`), everyMs.cancel),
    setInterval(() => void strike('killed', `select pg_terminate_backend(pid) ${mine} order by random() limit 1`), everyMs.kill),
  ]
  return {
    async stop() {
      timers.forEach(clearInterval)
      await client.query('select 1') // Behind whatever strike was still under way.
      await client.end()
      return done
    },
  }
}

/** Counts by name. */
export function createTally() {
  const counts: Record<string, number> = {}
  return {
    counts,
    add(name: string, by = 1) {
      counts[name] = (counts[name] ?? 0) + by
    },
    text: () =>
      Object.entries(counts)
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
  }
}

export function pick<Item>(items: readonly Item[]): Item {
  return items[Math.floor(Math.random() * items.length)]!
}
