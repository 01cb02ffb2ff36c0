// Whether a revoked key ever still reads: keys are revoked on one process while readers use them on several.
//   node bench/revocation.ts [--reads 100000] [--servers 2] [--readers 12]
import { parseArgs } from 'node:util'
import { call, createWorkspace, type Servers, startServers } from './support/servers.ts'

const { values: flags } = parseArgs({
  options: {
    reads: { type: 'string', default: '100000' },
    servers: { type: 'string', default: '2' },
    readers: { type: 'string', default: '12' },
  },
})
const wanted = Number(flags.reads)

const servers = await startServers(Number(flags.servers))
try {
  const workspaceId = await createWorkspace(servers)
  let [reads, allowed, stale, revocations] = [0, 0, 0, 0]
  let round = 0
  while (reads < wanted) {
    // The processes take turns at revoking, so that each is told by another.
    const revoking = servers.urls[round++ % servers.urls.length]!
    const key = await call(revoking, servers.operatorToken, 201, 'POST', `/v1/workspaces/${workspaceId}/api-keys`, {
      name: 'raced',
      role: 'view',
    })
    const state = { isRevoked: false, isOver: false }
    const readers = Array.from({ length: Number(flags.readers) }, async (_, index) => {
      while (!state.isOver) {
        const startedAfter = state.isRevoked
        const status = await read(servers, index, workspaceId, String(key['key']))
        reads++
        if (status === 200) allowed++
        if (status === 200 && startedAfter) stale++
        if (![200, 401].includes(status)) throw new Error(`a read answered ${status}`)
      }
    })
    await until(() => allowed > 0 && reads % 50 < 25)
    await call(revoking, servers.operatorToken, 204, 'DELETE', `/v1/workspaces/${workspaceId}/api-keys/${String(key['id'])}`)
    state.isRevoked = true
    revocations++
    const enough = reads + 200
    await until(() => reads >= enough)
    state.isOver = true
    await Promise.all(readers)
  }
  console.log(`${reads} reads over ${servers.urls.length} processes, ${allowed} allowed, ${revocations} revocations: ${stale} stale`)
  process.exitCode = stale === 0 ? 0 : 1
} finally {
  await servers.stop()
}

async function read({ urls }: Servers, index: number, workspaceId: string, key: string): Promise<number> {
  const answer = await fetch(`${urls[index % urls.length]!}/v1/workspaces/${workspaceId}`, { headers: { authorization: `Bearer ${key}` } })
  await answer.arrayBuffer()
  return answer.status
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}
