// A workspace's export over HTTP against psql's COPY of the same query, in turns on the same Postgres, and the server's memory.
//   node bench/export.ts [--rows 1000000] [--rounds 3]
// The export has every right checked anew for each page; psql reads as the superuser, in one statement.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { addSealedEvents } from '../apps/server/test/support/sealed-rows.ts'
import { sealedText } from '../packages/hub/src/audit/event-columns.ts'
import { createWorkspace, startServers } from './support/servers.ts'

const { values: flags } = parseArgs({ options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } } })
const rows = Number(flags.rows)

const servers = await startServers(1)
try {
  const workspaceId = await createWorkspace(servers)
  const superuser = new pg.Client({ connectionString: servers.superuserUrl })
  await superuser.connect()
  await addSealedEvents(superuser, workspaceId, rows)
  await superuser.query('vacuum analyze hub.audit_event')
  await superuser.end()

  const query = `select ${sealedText} from hub.audit_event e where e.chain_id = '${workspaceId}' and e.seq > 0 order by e.seq`
  const columns = `select * from hub.audit_event e where e.chain_id = '${workspaceId}' and e.seq > 0 order by e.seq`
  const ratios: number[] = []
  for (let round = 0; round < Number(flags.rounds); round++) {
    const copied = await timed(() => copy(servers.superuserUrl, query))
    const bare = await timed(() => copy(servers.superuserUrl, columns))
    const before = residentMiB(servers.pids[0]!)
    const memory = { most: before }
    const exported = await timed(() => download(workspaceId, () => (memory.most = Math.max(memory.most, residentMiB(servers.pids[0]!)))))
    if (exported.bytes < copied.bytes) throw new Error(`the export has ${exported.bytes} bytes, COPY ${copied.bytes}`)
    ratios.push(copied.seconds / exported.seconds)
    console.log(
      `export ${exported.seconds.toFixed(1)} s (${Math.round(rows / exported.seconds)} rows/s), psql COPY of the same query ${copied.seconds.toFixed(1)} s, ` +
        `of the bare columns ${bare.seconds.toFixed(1)} s; ratio ${ratios.at(-1)!.toFixed(2)}; memory ${before.toFixed(0)} to ${memory.most.toFixed(0)} MiB`,
    )
  }
  console.log(
    `ratio ${ratios.toSorted((left, right) => left - right)[Math.floor(ratios.length / 2)]!.toFixed(2)} (median of ${ratios.length})`,
  )
} finally {
  await servers.stop()
}

async function timed(run: () => Promise<number>): Promise<{ seconds: number; bytes: number }> {
  const began = process.hrtime.bigint()
  const bytes = await run()
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9, bytes }
}

async function copy(url: string, text: string): Promise<number> {
  const psql = spawn('psql', ['--no-psqlrc', '--quiet', url, '--command', `copy (${text}) to stdout`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let bytes = 0
  for await (const chunk of psql.stdout) bytes += (chunk as Buffer).length
  if (psql.exitCode === null) await once(psql, 'exit')
  if (psql.exitCode !== 0) throw new Error(`psql ended with ${psql.exitCode}`)
  return bytes
}

async function download(workspaceId: string, look: () => void): Promise<number> {
  const answer = await fetch(`${servers.urls[0]!}/v1/workspaces/${workspaceId}/export`, {
    headers: { authorization: `Bearer ${servers.operatorToken}` },
  })
  let bytes = 0
  let looked = 0
  for await (const chunk of answer.body!) {
    bytes += chunk.length
    if (bytes - looked > 10 * 2 ** 20) {
      look()
      looked = bytes
    }
  }
  return bytes
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}
