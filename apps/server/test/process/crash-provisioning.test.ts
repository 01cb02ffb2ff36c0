import { expect, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { newDataDir, operatorToken, type ServerProcess, startProcess } from './support/server-process.ts'
import { createWorkspace, findUnfinished, listAll } from './support/workload.ts'

const restless = (mostMs: number) => {
  const due = performance.now() + Math.random() * mostMs
  return waitFor(
    async () => performance.now(),
    (now) => now >= due,
  )
}

test('GF-05 kill -9 in the middle of provisioning, five times: every workspace becomes active with exactly its three environments', async ({
  annotate,
}) => {
  const dataDir = newDataDir()
  let server: ServerProcess = await startProcess({ dataDir })
  const token = operatorToken(dataDir)
  const [account] = await listAll(server, token, '/v1/accounts')
  const acknowledged: string[] = []
  let unfinished = 0
  for (let round = 1; round <= 5; round++) {
    const asked = Array.from({ length: 8 }, async () => {
      const id = await createWorkspace(server, token, account!.id)
      if (id !== undefined) acknowledged.push(id)
    })
    await waitFor(
      async () => acknowledged.length,
      (count) => count > (round - 1) * 2,
    )
    await restless(250)
    await server.kill()
    await Promise.all(asked)
    server = await startProcess({ dataDir })
    unfinished += (await listAll(server, token, '/v1/workspaces')).filter(({ status }) => status === 'provisioning').length
  }
  expect(await findUnfinished(server, token)).toEqual([])
  const workspaces = await listAll(server, token, '/v1/workspaces')
  await annotate(`${workspaces.length} workspaces, ${unfinished} found unfinished at a start`)
  expect(acknowledged.filter((id) => !workspaces.some((workspace) => workspace.id === id))).toEqual([])
  expect(unfinished).toBeGreaterThan(0)
  for (const { id } of workspaces) {
    const activated = (await listAll(server, token, `/v1/workspaces/${id}/audit`)).filter(({ action }) => action === 'workspace.activate')
    expect(activated).toHaveLength(1)
  }
})
