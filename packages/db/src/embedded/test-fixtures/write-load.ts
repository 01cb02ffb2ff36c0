import pg from 'pg'
import { vi } from 'vitest'

export type WriteLoad = { acknowledged: number[]; stop(): Promise<void> }

/** Writers that insert numbers one at a time and remember those whose commit was acknowledged. They reconnect for ever. */
export async function startWriteLoad(url: string, writers = 4): Promise<WriteLoad> {
  await query(url, 'create table if not exists written (n bigint primary key, filler text)')
  const acknowledged: number[] = []
  let next = 0
  let stopped = false

  async function write() {
    while (!stopped) {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
      client.on('error', () => {})
      try {
        await client.connect()
        while (!stopped) {
          const n = next++
          await client.query('insert into written values ($1, repeat($2, 200))', [n, String.fromCodePoint(97 + (n % 26))])
          acknowledged.push(n)
        }
      } catch {
        await vi.waitUntil(() => stopped || answers(url), { timeout: 30_000, interval: 10 })
      } finally {
        await client.end().catch(() => {})
      }
    }
  }
  const running = Array.from({ length: writers }, write)
  return {
    acknowledged,
    stop: async () => {
      stopped = true
      await Promise.all(running)
    },
  }
}

/** Whether a statement gets through. */
export function answers(url: string) {
  return query(url, 'select 1').then(
    () => true,
    () => false,
  )
}

/** Acknowledged numbers that are not in the table. */
export async function findLost(url: string, acknowledged: number[]) {
  const rows = await query<{ n: string }>(url, 'select n from written')
  const present = new Set(rows.map(({ n }) => Number(n)))
  return acknowledged.filter((n) => !present.has(n))
}

/** One statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}
