import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { isRunning, newDataDir, operatorToken, postmasterOf, runToEnd, startProcess } from './support/server-process.ts'
import { createWorkspace, findLost, findUnfinished, listAll, startAccountLoad } from './support/workload.ts'

test('on an empty directory it says where it is, links to the setup and keeps the operator’s token to itself', async () => {
  const dataDir = newDataDir()
  const server = await startProcess({ dataDir })
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const setup = await waitFor(
    async () => server.lines.find((line) => line.startsWith('Set up the first operator: ')),
    (line) => line !== undefined,
  )
  expect(setup).toMatch(new RegExp(`^Set up the first operator: ${server.url}/setup#token=fhu_\\w+$`))

  const file = path.join(dataDir, 'operator-token')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await waitFor(
    async () => server.lines,
    (lines) => lines.includes(`The operator's token is in ${file}`),
  )
  expect((await server.call('GET', '/v1/me', { token: operatorToken(dataDir) })).json).toMatchObject({ kind: 'user', operator: true })
  expect((await server.call('GET', '/v1/me')).status).toBe(401)
  expect((await server.call('GET', '/readyz')).status).toBe(200)
  expect(server.lines.join('\n')).not.toContain(operatorToken(dataDir))

  server.stopReading()
  server.send('SIGINT')
  expect((await server.exited).code).toBe(0)
})

test('Ctrl-C under load: it ends with 0 and its database with it; the next start has all that was acknowledged', async () => {
  const dataDir = newDataDir()
  const first = await startProcess({ dataDir })
  const token = operatorToken(dataDir)
  const [main] = await listAll(first, token, '/v1/accounts')
  const load = startAccountLoad(() => first, token)
  const workspaces = await Promise.all(Array.from({ length: 6 }, () => createWorkspace(first, token, main!.id)))
  await waitFor(
    async () => load.acknowledged.length,
    (count) => count > 50,
  )
  const postmaster = postmasterOf(dataDir)
  first.send('SIGINT')
  const { code, errors, lines } = await first.exited
  await load.stop()
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(lines.at(-1)).toMatch(/^Stopping: /)
  expect(load.failures.filter((failure) => !/^503 |fetch failed/.test(failure))).toEqual([])
  expect(isRunning(postmaster)).toBe(false)
  expect(postmasterOf(dataDir)).toBeUndefined()

  const second = await startProcess({ dataDir })
  expect(await findLost(second, token, load)).toEqual([])
  const kept = (await listAll(second, token, '/v1/workspaces')).map(({ id }) => id)
  expect(kept).toEqual(expect.arrayContaining(workspaces))
  expect(await findUnfinished(second, token)).toEqual([])
  expect(readFileSync(path.join(dataDir, 'postgres.log'), 'utf8')).not.toContain('not properly shut down')

  // One directory, one server: a second one is sent away and the first does not notice.
  const refused = await runToEnd({ dataDir })
  expect(refused).toMatchObject({
    code: 1,
    errors: expect.stringMatching(
      new RegExp(`^The data directory ${dataDir} is in use by another server \\(process ${second.pid}\\): [^\\n]+\\n$`),
    ),
  })
  expect((await second.call('GET', '/v1/me', { token })).status).toBe(200)
  second.send('SIGTERM')
  expect((await second.exited).code).toBe(0)
})
