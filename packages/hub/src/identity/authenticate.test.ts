import { build } from '@freehold/db'
import { mintToken, newId, parseToken } from '@freehold/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertAuditEvent } from '../audit/index.ts'
import { openGate, raiseGates } from '../gates/index.ts'
import { findPrincipal } from './index.ts'
import { openWorld, type World } from './test-fixtures/world.ts'

let world: World
let accountId: string
let operatorToken: string
beforeAll(async () => {
  world = await openWorld()
  const made = await world.start()
  accountId = made.accountId
  operatorToken = made.token
})
afterAll(() => world.close())

const find = (text: string) => findPrincipal(world.database.reads, parseToken(text)!, world.clock.now())

async function addKey(options: { expiresAt?: Date; revoked?: boolean } = {}) {
  const [workspaceId, token, at] = [newId(), mintToken('fhk'), world.clock.now()]
  const thing = { kind: 'workspace', id: workspaceId, label: 'Quarry' }
  await world.database.writes.transaction({ workspaceId, accountId }, async (tx) => {
    await tx.run(
      build.insertInto('hub.workspace').values({
        id: workspaceId,
        account_id: accountId,
        name: 'Quarry',
        slug: `quarry-${workspaceId}`,
        status: 'active',
        region: 'local',
        tenancy_model: 'shared',
        created_at: at,
        updated_at: at,
      }),
    )
    await openGate(tx, 'workspace', workspaceId)
    await tx.run(
      build.insertInto('hub.credential').values({
        id: token.id,
        kind: 'api_key',
        hash: token.hash,
        hint: token.hint,
        name: 'ci',
        workspace_id: workspaceId,
        role: 'edit',
        scopes: ['files:read'],
        allowed_ips: ['192.0.2.0/24'],
        allowed_origins: ['https://app.example.com'],
        environments: ['dev'],
        created_at: at,
        expires_at: options.expiresAt ?? null,
        revoked_at: options.revoked ? at : null,
      }),
    )
    const chain = { kind: 'workspace' as const, id: workspaceId }
    await insertAuditEvent(tx, {
      id: newId(),
      chain,
      workspaceId,
      at,
      actor: thing,
      action: 'api_key.create',
      resource: thing,
      requestId: null,
      ip: null,
    })
  })
  return { workspaceId, token }
}

test('a user is found with the epoch of the own gate, and only the operator is one', async () => {
  const operator = await find(operatorToken)
  expect(operator).toMatchObject({ expiresAt: null, principal: { kind: 'user', operator: true, workspaceId: null, role: null } })
  expect(operator!.principal.gates).toEqual([{ id: operator!.principal.id, epoch: expect.stringMatching(/^[1-9]\d*$/) }])

  const other = await world.addUser('other@example.com')
  expect((await find(other.token))!.principal).toMatchObject({
    id: other.userId,
    label: 'Kim',
    email: 'other@example.com',
    operator: false,
  })
})

test("AM-04 PR-05 an API key is found with its role, its limits, its workspace and that workspace's gate", async () => {
  const expiresAt = new Date(world.clock.now().getTime() + 60_000)
  const { workspaceId, token } = await addKey({ expiresAt })
  expect(await find(token.plaintext)).toEqual({
    expiresAt,
    principal: {
      kind: 'api_key',
      id: token.id,
      label: 'ci',
      email: null,
      operator: false,
      workspaceId,
      role: 'edit',
      scopes: ['files:read'],
      tenant: null,
      secondFactor: false,
      limits: { allowedIps: ['192.0.2.0/24'], allowedOrigins: ['https://app.example.com'], environments: ['dev'] },
      credential: { id: token.id, kind: 'api_key', expiresAt },
      gates: [{ id: workspaceId, epoch: '1' }],
    },
  })
  await world.database.writes.transaction({ workspaceId }, (tx) => raiseGates(tx, [workspaceId]))
  expect((await find(token.plaintext))!.principal.gates).toEqual([{ id: workspaceId, epoch: '2' }])
})

test('what is unknown, expired or revoked is nobody', async () => {
  expect(await find(mintToken('fhp').plaintext)).toBeNull()
  expect(await find(mintToken('fhk').plaintext)).toBeNull()
  expect(await find((await addKey({ revoked: true })).token.plaintext)).toBeNull()
  expect(await find((await addKey({ expiresAt: world.clock.now() })).token.plaintext)).toBeNull()
})

test('a hash counts only for the kind of credential that its token claims to be', async () => {
  const { token } = await addKey()
  const parsed = parseToken(token.plaintext)!
  expect(await findPrincipal(world.database.reads, { ...parsed, prefix: 'fhp', kind: 'personal_token' }, world.clock.now())).toBeNull()
})

test('authenticating takes two statements', async () => {
  let statements = 0
  const counted = {
    ...world.database.reads,
    under: (...scope: Parameters<typeof world.database.reads.under>) => {
      statements++
      return world.database.reads.under(...scope)
    },
  }
  expect(await findPrincipal(counted, parseToken(operatorToken)!, world.clock.now())).not.toBeNull()
  expect(statements).toBe(2)
})
