import { createEmptyDatabase, testCluster } from '@freehold/testing'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { newDataDir, operatorToken, postmasterOf, startProcess } from './support/server-process.ts'
import { createAccount, createWorkspace, findUnfinished, listAll } from './support/workload.ts'

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

/** An empty database of Debian's PostgreSQL 15, dropped behind the processes that use it. */
async function newDatabase() {
  const database = await createEmptyDatabase()
  onTestFinished(async () => {
    const client = new pg.Client({ connectionString: testCluster().superuserUrl })
    await client.connect()
    await client.query(`drop database ${database.name} with (force)`)
    await client.end()
  })
  return database
}

test.each([
  { migrator: 'an owner with CREATEROLE', pick: ({ url }: { url: string }) => url },
  { migrator: 'a superuser', pick: ({ superuserUrl }: { superuserUrl: string }) => superuserUrl },
])(
  'DATABASE_URL of $migrator on PostgreSQL 15: works from empty, keeps its rows over a restart, starts no Postgres of its own',
  async ({ pick }) => {
    const env = { DATABASE_URL: pick(await newDatabase()) }
    const dataDir = newDataDir()
    const first = await startProcess({ dataDir, env })
    const token = operatorToken(dataDir)
    const account = (await createAccount(first, token)).json['id'] as string
    const workspace = await createWorkspace(first, token, account)
    expect(await findUnfinished(first, token)).toEqual([])
    expect((await first.call('GET', `/v1/workspaces/${workspace}/audit/verify`, { token })).json).toMatchObject({ valid: true })
    expect(postmasterOf(dataDir)).toBeUndefined()
    first.send('SIGINT')
    expect(await first.exited).toMatchObject({ code: 0, errors: '' })

    const second = await startProcess({ dataDir, env })
    expect(await listAll(second, token, '/v1/workspaces')).toMatchObject([{ id: workspace, account_id: account }])
  },
)

test('Ctrl-C: requests in flight are answered before it ends, however long their locks take; a second Ctrl-C ends it at once', async () => {
  const { url, superuserUrl } = await newDatabase()
  const env = { DATABASE_URL: url }
  const dataDir = newDataDir()
  const [blocker, watcher] = [await connect(superuserUrl), await connect(superuserUrl)]
  const waiting = async () =>
    (await watcher.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")).rowCount ?? 0
  const holdBack = async (requests: number) => {
    await blocker.query('begin; lock table hub.account in share row exclusive mode')
    const answers = Array.from({ length: requests }, () => createAccount(server, token).catch((error: unknown) => error))
    await waitFor(waiting, (count) => count === requests)
    return answers
  }

  let server = await startProcess({ dataDir, env })
  const token = operatorToken(dataDir)
  const inFlight = await holdBack(5)
  server.send('SIGINT')
  await waitFor(
    async () => server.lines,
    (lines) => lines.some((line) => line.startsWith('Stopping: ')),
  )
  await blocker.query('rollback')
  const made = (await Promise.all(inFlight)) as Awaited<ReturnType<typeof createAccount>>[]
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
  expect(await server.exited).toMatchObject({ code: 0, errors: '' })

  server = await startProcess({ dataDir, env })
  const kept = (await listAll(server, token, '/v1/accounts')).map(({ id }) => id)
  expect(kept).toEqual(expect.arrayContaining(made.map(({ json }) => json['id'])))

  const abandoned = await holdBack(2)
  server.send('SIGINT')
  await waitFor(
    async () => server.lines,
    (lines) => lines.some((line) => line.startsWith('Stopping: ')),
  )
  server.send('SIGINT')
  expect((await server.exited).code).toBe(1)
  await blocker.query('rollback')
  expect((await Promise.all(abandoned)).every((answer) => answer instanceof Error)).toBe(true)
})

test('two processes that start at once on one empty database both serve it; a run is worked on once; what one revokes the other refuses', async () => {
  const { url, superuserUrl } = await newDatabase()
  const env = { DATABASE_URL: url, FREEHOLD_ROOT_KEY: Buffer.alloc(32, 7).toString('base64') }
  const dataDirs = [newDataDir(), newDataDir()] as const
  const [one, two] = await Promise.all([startProcess({ dataDir: dataDirs[0], env }), startProcess({ dataDir: dataDirs[1], env })])
  const [token, ...none] = dataDirs.flatMap((dataDir) => {
    try {
      return [operatorToken(dataDir)]
    } catch {
      return []
    }
  })
  expect(none).toEqual([])
  const [account] = await listAll(two, token!, '/v1/accounts')
  const asked = Array.from({ length: 12 }, (_, index) => createWorkspace(index % 2 ? one : two, token!, account!.id))
  const ids = await Promise.all(asked)
  expect(ids).not.toContain(undefined)
  expect(await findUnfinished(one, token!)).toEqual([])
  const steps = await connect(superuserUrl)
  expect((await steps.query("select run_id, name from hub.saga_step where attempts <> 1 or status <> 'succeeded'")).rows).toEqual([])
  expect((await steps.query("select count(*)::int as n from hub.audit_event where action = 'workspace.activate'")).rows).toEqual([
    { n: 12 },
  ])

  const path = `/v1/workspaces/${ids[0]}`
  const key = await one.call('POST', `${path}/api-keys`, { token: token!, body: { name: 'ci' } })
  const read = () => two.call('GET', path, { token: key.json['key'] as string })
  expect((await read()).status).toBe(200)
  expect((await one.call('DELETE', `${path}/api-keys/${String(key.json['id'])}`, { token: token! })).status).toBe(204)
  expect((await read()).status).toBe(401)

  // One dies with runs in hand; the other finishes them.
  const last = await Promise.all(Array.from({ length: 8 }, () => createWorkspace(one, token!, account!.id)))
  await one.kill()
  expect(await findUnfinished(two, token!)).toEqual([])
  const kept = (await listAll(two, token!, '/v1/workspaces')).map(({ id }) => id)
  expect(kept).toEqual(expect.arrayContaining(last))
  expect(
    await waitFor(
      () => two.call('GET', `${path}/audit/verify`, { token: token! }),
      ({ json }) => json['unsealed'] === 0,
    ),
  ).toMatchObject({ json: { valid: true } })
})

test('every connection of the server cut in the middle of its work: it answers again by itself', async () => {
  const { url, superuserUrl, name } = await newDatabase()
  const dataDir = newDataDir()
  const server = await startProcess({ dataDir, env: { DATABASE_URL: url } })
  const token = operatorToken(dataDir)
  const superuser = await connect(superuserUrl)
  const [account] = await listAll(server, token, '/v1/accounts')
  for (let round = 1; round <= 3; round++) {
    await superuser.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid() and usename = 'freehold_app'",
      [name],
    )
    expect(
      (
        await waitFor(
          () => createAccount(server, token),
          ({ status }) => status !== 503,
        )
      ).status,
    ).toBe(201)
  }
  expect(await createWorkspace(server, token, account!.id)).toBeDefined()
  expect(await findUnfinished(server, token)).toEqual([])
})
