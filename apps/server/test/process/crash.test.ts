import { expect, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { newDataDir, operatorToken, postmasterOf, startProcess } from './support/server-process.ts'
import { createAccount, createWorkspace, findLost, findUnfinished, listAll, startAccountLoad } from './support/workload.ts'

test('kill -9 of the server in a write load, three times: every acknowledged write is there, and it serves on', async ({ annotate }) => {
  const dataDir = newDataDir()
  let server = await startProcess({ dataDir })
  const token = operatorToken(dataDir)
  const load = startAccountLoad(() => server, token)
  for (let round = 1; round <= 3; round++) {
    const before = load.acknowledged.length
    await waitFor(
      async () => load.acknowledged.length,
      (count) => count > before + 60,
    )
    await server.kill()
    server = await startProcess({ dataDir })
  }
  await load.stop()
  await annotate(`${load.acknowledged.length} acknowledged, ${load.failures.length} not`)
  expect(await findLost(server, token, load)).toEqual([])
})

test('kill -9 of the embedded Postgres in a write load: errors end by themselves, every acknowledged write is there', async ({
  annotate,
}) => {
  const dataDir = newDataDir()
  const server = await startProcess({ dataDir })
  const token = operatorToken(dataDir)
  const load = startAccountLoad(() => server, token)
  for (let round = 1; round <= 2; round++) {
    const before = load.acknowledged.length
    await waitFor(
      async () => load.acknowledged.length,
      (count) => count > before + 60,
    )
    process.kill(postmasterOf(dataDir)!, 'SIGKILL')
    const failed = load.failures.length
    await waitFor(
      async () => load.failures.length,
      (count) => count > failed,
    )
    await waitFor(
      () => createAccount(server, token),
      ({ status }) => status === 201,
    )
  }
  await waitFor(
    async () => load.acknowledged.length,
    (count) => count > 200,
  )
  await load.stop()
  await annotate(`${load.acknowledged.length} acknowledged, ${load.failures.length} not`)
  expect(load.failures.filter((failure) => !failure.startsWith('503 '))).toEqual([])
  expect(await findLost(server, token, load)).toEqual([])

  // Whoever was told that it failed may ask again: all of it works, the worker included.
  const [account] = await listAll(server, token, '/v1/accounts')
  expect(await createWorkspace(server, token, account!.id)).toBeDefined()
  expect(await findUnfinished(server, token)).toEqual([])
})
