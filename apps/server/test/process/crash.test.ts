import { expect, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { newDataDir, operatorToken, postmasterOf, type ServerProcess, startProcess } from './support/server-process.ts'
import { createAccount, createWorkspace, findLost, findUnfinished, listAll, startAccountLoad } from './support/workload.ts'

const restless = (mostMs: number) => {
  const due = performance.now() + Math.random() * mostMs
  return waitFor(async () => performance.now(), (now) => now >= due)
}

test('kill -9 of the server in a write load, three times: every acknowledged write is there, and it serves on', async ({ annotate }) => {
  const dataDir = newDataDir()
  let server = await startProcess({ dataDir })
  const token = operatorToken(dataDir)
  const load = startAccountLoad(() => server, token)
  for (let round = 1; round <= 3; round++) {
    const before = load.acknowledged.length
    await waitFor(async () => load.acknowledged.length, (count) => count > before + 60)
    await server.kill()
    server = await startProcess({ dataDir })
  }
  await load.stop()
  await annotate(`${load.acknowledged.length} acknowledged, ${load.failures.length} not`)
  expect(await findLost(server, token, load)).toEqual([])
})

test('GF-05 kill -9 in the middle of provisioning, five times: every workspace becomes active with exactly its three environments', async ({ annotate }) => {
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
    await waitFor(async () => acknowledged.length, (count) => count > (round - 1) * 2)
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

test('kill -9 of the embedded Postgres in a write load: errors end by themselves, every acknowledged write is there', async ({ annotate }) => {
  const dataDir = newDataDir()
  const server = await startProcess({ dataDir })
  const token = operatorToken(dataDir)
  const load = startAccountLoad(() => server, token)
  for (let round = 1; round <= 2; round++) {
    const before = load.acknowledged.length
    await waitFor(async () => load.acknowledged.length, (count) => count > before + 60)
    process.kill(postmasterOf(dataDir)!, 'SIGKILL')
    const failed = load.failures.length
    await waitFor(async () => load.failures.length, (count) => count > failed)
    await waitFor(() => createAccount(server, token), ({ status }) => status === 201)
  }
  await waitFor(async () => load.acknowledged.length, (count) => count > 200)
  await load.stop()
  await annotate(`${load.acknowledged.length} acknowledged, ${load.failures.length} not`)
  expect(load.failures.filter((failure) => !failure.startsWith('503 '))).toEqual([])
  expect(await findLost(server, token, load)).toEqual([])

  // Whoever was told that it failed may ask again: all of it works, the worker included.
  const [account] = await listAll(server, token, '/v1/accounts')
  expect(await createWorkspace(server, token, account!.id)).toBeDefined()
  expect(await findUnfinished(server, token)).toEqual([])
})
