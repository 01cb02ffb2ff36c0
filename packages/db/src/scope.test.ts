import { createTestDatabase, type TestDatabase } from '@freehold/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppScopeError } from './database-errors.ts'
import { enterValues, type Proof, type Scope } from './scope.ts'
import { dropDatabase } from './test-fixtures/notes.ts'

const [first, second, third] = ['a1', 'b2', 'c3'].map((tail) => `01900000-0000-7000-8000-0000000000${tail}`) as [string, string, string]
const names = ['workspace_id', 'account_id', 'principal_id', 'workspace_ids', 'account_ids', 'gate_ids']
const proof: Required<Proof> = {
  credential_hash: 'ab',
  email: 'a@example.org',
  run_id: first,
  throttle_key: 'a\'b\\c"d',
  installation_id: second,
  object_ids: third,
  chain_ids: `${first},${second}`,
  user_ids: first,
  slug: 'a-slug',
  invitation_hash: 'cd',
  claim_values: '["a","b,c"]',
  passkey_id: 'passkey',
  oidc_subject: 'https://issuer.test one',
  challenge_hash: 'ef',
  workspace_key: 'wk_1',
}

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(() => dropDatabase(db))

/** The settings that are in force under a scope, those that are empty left out. */
async function settingsUnder(scope: Scope): Promise<Record<string, string>> {
  const statement = {
    name: '',
    text: "select name, current_setting('app.' || name, true) as value from unnest($1::text[]) as name",
    values: [[...names, ...Object.keys(proof)]],
  }
  const rows = await db.database.reads.under(scope).sql<{ name: string; value: string | null }>(statement)
  return Object.fromEntries(rows.filter(({ value }) => value).map(({ name, value }) => [name, value ?? '']))
}

test.each<[string, Scope]>([
  ['nothing', {}],
  ['ids that are missing', { workspaceId: undefined, accountId: undefined, principalId: undefined }],
  ['an empty id', { workspaceId: '' }],
  ['gates alone', { gates: [{ id: first, epoch: '1' }] }],
  ['gates to raise alone', { raises: [first] }],
])('a scope of %s is refused, and never means everything', (_, scope) => {
  expect(() => enterValues(scope)).toThrow(AppScopeError)
})

test.each<[string, Scope, Record<string, string>]>([
  ['a workspace', { workspaceId: first }, { workspace_id: first }],
  ['an account', { accountId: first }, { account_id: first }],
  ['a principal', { principalId: first }, { principal_id: first }],
  [
    'lists',
    { listedWorkspaceIds: [first, second], listedAccountIds: [third] },
    { workspace_ids: `${first},${second}`, account_ids: third },
  ],
  ['an empty list', { listedWorkspaceIds: [] }, {}],
  ['gates to raise', { workspaceId: first, raises: [second, third] }, { workspace_id: first, gate_ids: `${second},${third}` }],
  ['proofs', { proof }, proof],
  ['an empty proof', { proof: {} }, {}],
])('%s set exactly what they name, and nothing else', async (_, scope, expected) => {
  expect(await settingsUnder(scope)).toEqual(expected)
})

test('nothing of a scope is left for the next one on the connection', async () => {
  const everything = { workspaceId: first, accountId: second, principalId: third, listedWorkspaceIds: [first], raises: [first], proof }
  await Promise.all([settingsUnder(everything), settingsUnder(everything)])
  expect(await Promise.all([settingsUnder({ workspaceId: second }), settingsUnder({ proof: {} })])).toEqual([{ workspace_id: second }, {}])
})

test('what earlier scopes of a transaction have set is emptied, unless the next one sets it', async () => {
  await db.database.writes.transaction({ workspaceId: first, proof, raises: [first] }, async (tx) => {
    await tx.enter({ workspaceId: second, proof: { run_id: third } })
    const text = `select current_setting('app.email') || current_setting('app.gate_ids') || current_setting('app.object_ids') as emptied,
      current_setting('app.run_id') as kept`
    expect(await tx.sql({ name: '', text, values: [] })).toEqual([{ emptied: '', kept: third }])
  })
})
