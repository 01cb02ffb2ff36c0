import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'
import { createSigner, whoIs } from './support/workspace-signer.ts'

let server: TestServer
let other: TestServer
beforeAll(async () => {
  server = await startTestServer()
  other = await startTestServer({}, server)
})
afterAll(async () => {
  await other.close()
  await server.close()
})

const newSigner = async () => createSigner(server, await server.workspace())
/** What both processes answer to each token. */
const statuses = (...tokens: string[]) =>
  Promise.all([server, other].map((on) => Promise.all(tokens.map(async (token) => (await whoIs(on, token)).status))))
const both = (...expected: number[]) => [expected, expected]

async function stored(workspaceId: string) {
  const { rows } = await server.superuser.query<{ sealed: Buffer; expires_at: Date | null; grace_seconds: number | null }>(
    'select sealed, expires_at, grace_seconds from hub.workspace_secret where workspace_id = $1 order by id',
    [workspaceId],
  )
  return rows
}

test('MB-06 the old secret dies at once on every process; minted tokens survive', async () => {
  const signer = await newSigner()
  const [minted, old] = [await signer.issue(), await signer.sign()]
  expect(await statuses(minted, old)).toEqual(both(200, 200))
  const { secret, previousExpiresAt } = await signer.rotate()
  expect(Date.parse(previousExpiresAt!)).toBeLessThanOrEqual(Date.now())
  expect(await statuses(minted, old)).toEqual(both(200, 401))
  expect(await statuses(await signer.sign({}, { key: secret }))).toEqual(both(200))
  expect(await stored(signer.workspace.id)).toHaveLength(1)
})

test('MB-06 with a grace from now the old secret works beside the new one until it ends, also for tokens seen before', async () => {
  const signer = await newSigner()
  const [old, unseen] = [await signer.sign({ n: 1 }), await signer.sign({ n: 2 })]
  expect(await statuses(old)).toEqual(both(200))
  const rotated = await signer.rotate({ graceSeconds: 2 })
  const fresh = await signer.sign({}, { key: rotated.secret })
  expect(await statuses(old, fresh)).toEqual(both(200, 200))
  const ended = await waitFor(
    async () => ({ at: Date.now(), answers: await statuses(old, fresh) }),
    ({ answers }) => answers.flat().includes(401),
  )
  expect(ended.at).toBeGreaterThan(Date.parse(rotated.previousExpiresAt!) - 100)
  await waitFor(
    () => statuses(old, unseen, fresh),
    (answers) => JSON.stringify(answers) === JSON.stringify(both(401, 401, 200)),
  )
})

test('MB-06 BX-05 a grace from the first use begins when the new secret is first used, and is audited', async () => {
  const signer = await newSigner()
  const old = await signer.sign()
  const rotated = await signer.rotate({ graceSeconds: 1, graceFrom: 'first_use' })
  expect(rotated.previousExpiresAt).toBe(null)
  expect(await statuses(old, await signer.sign({ n: 2 }))).toEqual(both(200, 200))
  expect(await stored(signer.workspace.id)).toMatchObject([
    { expires_at: null, grace_seconds: 1 },
    { expires_at: null, grace_seconds: null },
  ])

  // Many processes may see it first; the grace begins once.
  const fresh = await signer.sign({}, { key: rotated.secret })
  await Promise.all(Array.from({ length: 6 }, () => statuses(fresh)))
  expect((await stored(signer.workspace.id))[0]).toMatchObject({ expires_at: expect.any(Date) as Date, grace_seconds: null })
  await waitFor(
    () => statuses(old, fresh),
    (answers) => JSON.stringify(answers) === JSON.stringify(both(401, 200)),
  )
  const { rows } = await server.superuser.query<{ action: string; after: { ends: unknown[] } }>(
    "select action, after from hub.audit_event where chain_id = $1 and action like 'workspace.secret%' order by id",
    [signer.workspace.id],
  )
  expect(rows.map(({ action }) => action)).toEqual(['workspace.secret_rotate', 'workspace.secret_rotate', 'workspace.secret_grace_start'])
  expect(rows[2]!.after.ends).toHaveLength(1)
})

test('MB-06 a token that is refused for another reason does not begin the grace', async () => {
  const signer = await newSigner()
  const { secret } = await signer.rotate({ graceSeconds: 0, graceFrom: 'first_use' })
  const old = await signer.sign()
  expect(await statuses(await signer.sign({ exp: 1 }, { key: secret }), await signer.sign({}, { key: `${secret}x` }))).toEqual(
    both(401, 401),
  )
  expect(await statuses(old)).toEqual(both(200))
  expect(await statuses(await signer.sign({}, { key: secret }))).toEqual(both(200))
  expect(await statuses(old)).toEqual(both(401))
})

test('MB-06 an emergency rotation ends secrets that were in their grace or waited for it', async () => {
  const signer = await newSigner()
  const second = await signer.rotate({ graceSeconds: 3600 })
  const third = await signer.rotate({ graceSeconds: 3600, graceFrom: 'first_use' })
  const tokens = await Promise.all([signer.secret, second.secret].map((key) => signer.sign({}, { key })))
  expect(await statuses(...tokens)).toEqual(both(200, 200))
  await signer.rotate()
  expect(await statuses(...tokens, await signer.sign({}, { key: third.secret }))).toEqual(both(401, 401, 401))
})

test('a grace that was promised is not made longer by the next rotation', async () => {
  const signer = await newSigner()
  const { previousExpiresAt } = await signer.rotate({ graceSeconds: 100 })
  await signer.rotate({ graceSeconds: 10_000 })
  await signer.rotate({ graceSeconds: 50_000, graceFrom: 'first_use' })
  expect((await stored(signer.workspace.id))[0]!.expires_at!.toISOString()).toBe(previousExpiresAt)
})

test('not more than eleven secrets work at once: further graces are refused with what to do', async () => {
  const signer = await newSigner()
  for (let count = 0; count < 10; count++) await signer.rotate({ graceSeconds: 3600 })
  const owner = server.as(signer.workspace.owner)
  const refused = await owner('POST', `/org-workspaces/${signer.workspace.id}/rotate-secret`, { graceSeconds: 3600 })
  expect(refused).toMatchObject({ status: 409, json: { code: 'conflict', detail: expect.stringContaining('without a grace') as string } })
  expect(await stored(signer.workspace.id)).toHaveLength(11)
  await signer.rotate()
  expect(await stored(signer.workspace.id)).toHaveLength(1)
})

test('a secret is stored sealed, and opens in no other workspace’s row', async () => {
  const [signer, rival] = [await newSigner(), await newSigner()]
  expect(signer.secret).toMatch(/^[0-9A-Za-z]{86}$/)
  const { sealed } = (await stored(signer.workspace.id))[0]!
  expect(sealed.includes(signer.secret)).toBe(false)
  const { rows: events } = await server.superuser.query<{ text: string }>(
    'select e::text as text from hub.audit_event e where chain_id = $1',
    [signer.workspace.id],
  )
  expect(events.filter(({ text }) => text.includes(signer.secret))).toEqual([])
  // Whoever can write rows, and no more, cannot make one workspace's secret another's.
  await server.superuser.query(
    `begin; select set_config('app.recorded_by', pg_current_xact_id()::text, true);
     update hub.workspace_secret r set sealed = s.sealed, id = s.id from hub.workspace_secret s
       where r.workspace_id = '${rival.workspace.id}' and s.workspace_id = '${signer.workspace.id}';
     update hub.workspace_key r set wrapped = s.wrapped from hub.workspace_key s
       where r.workspace_id = '${rival.workspace.id}' and s.workspace_id = '${signer.workspace.id}';
     update hub.gate set epoch = epoch + 1 where id = '${rival.workspace.id}'; commit`,
  )
  expect(await statuses(await rival.sign({}, { key: signer.secret }), await signer.sign())).toEqual(both(401, 200))
})
