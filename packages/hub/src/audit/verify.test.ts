import { generateKeyPairSync } from 'node:crypto'
import { newId } from '@freehold/kit'
import { hashEvent, verifyChain } from '@freehold/kit/audit-chain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditHandlers } from './index.ts'
import { epochMoved, exportLines, inputOf, openWorld, verifyWorkspace, workspaceChain, type World } from './test-fixtures/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

async function sealedChain(events: number): Promise<string> {
  const id = newId()
  for (let at = 0; at < events; at++) {
    await world.insert({ chain: workspaceChain(id), accountId: newId(), ...(at % 3 === 0 && { before: null, ip: null }) })
  }
  await world.sealer.sealPending()
  return id
}

test('BX-03 an untouched chain is valid, and counts what is not sealed yet', async () => {
  const id = await sealedChain(3)
  await world.insert({ chain: workspaceChain(id) })
  const lines = await exportLines(world, id)

  const answer = await verifyWorkspace(world, id)
  expect(answer).toMatchObject({ valid: true, events: 3, unsealed: 1, fault: null, head: { seq: 3, hash: lines[2]?.['hash'] } })
  expect(answer.head?.public_key).toContain('BEGIN PUBLIC KEY')
})

test('a chain without events is valid', async () => {
  expect(await verifyWorkspace(world, newId())).toEqual({ valid: true, events: 0, unsealed: 0, fault: null, head: null })
})

test('a verification goes on when a gate moves under it', async () => {
  const workspaceId = await sealedChain(2)
  const ctx = world.context({ workspaceId })
  let moves = 0
  const renew = ctx.renew
  const moving = {
    ...ctx,
    granted: ctx.granted,
    renew: async () => ({ ...(await renew()), granted: () => (moves++ < 1 ? fail() : ctx.granted('workspace', 'read')) }),
  }
  const fail = () => {
    throw epochMoved()
  }
  const answer = await world.handlers.verifyWorkspaceAudit(moving as typeof ctx, inputOf(workspaceId))
  expect(answer.valid).toBe(true)
  expect(moves).toBeGreaterThan(1)
})

test('BX-03 10,000 random edits of an export are all found', async () => {
  const lines = await exportLines(world, await sealedChain(12))
  const random = seeded(20260101)
  const missed: unknown[] = []
  for (let edit = 0; edit < 10_000; edit++) {
    const edited = structuredClone(lines)
    const what = editAtRandom(edited, random)
    if (JSON.stringify(edited) === JSON.stringify(lines)) continue
    const { valid, events } = await verifyChain(edited)
    // What was cut off the end leaves a sound chain that is shorter than the head says.
    if (valid && events === lines.length) missed.push(what)
  }
  expect(missed).toEqual([])
})

test.each([
  ['an actor', `update hub.audit_event set actor_label = 'Nobody' where chain_id = $1 and seq = 3`, 3],
  [
    'a number deep in a snapshot',
    `update hub.audit_event set after = jsonb_set(after, '{count}', '2.6') where chain_id = $1 and seq = 2`,
    2,
  ],
  ['a snapshot away', 'update hub.audit_event set before = null where chain_id = $1 and seq = 2', 2],
  ['a time', `update hub.audit_event set at = at + interval '1 millisecond' where chain_id = $1 and seq = 5`, 5],
  ['the account', 'update hub.audit_event set account_id = null where chain_id = $1 and seq = 4', 4],
  ['an event away', 'delete from hub.audit_event where chain_id = $1 and seq = 2', 2],
  ['the last event away', 'delete from hub.audit_event where chain_id = $1 and seq = 5', 5],
  ['all events away', 'delete from hub.audit_event where chain_id = $1', 1],
  ['an event out of the chain', `update hub.audit_event set chain_id = id, workspace_id = id where chain_id = $1 and seq = 5`, 5],
  ['a link', `update hub.audit_event set prev_hash = repeat('0', 64) where chain_id = $1 and seq = 2`, 2],
  ['a hash', `update hub.audit_event set hash = repeat('0', 64) where chain_id = $1 and seq = 1`, 1],
  ['the head', `update hub.audit_head set hash = repeat('0', 64) where chain_id = $1`, 5],
  ['the head away', 'delete from hub.audit_head where chain_id = $1', 1],
  [
    'the head back',
    `update hub.audit_head h set seq = 4, hash = (select hash from hub.audit_event e where e.chain_id = $1 and e.seq = 4) where chain_id = $1`,
    4,
  ],
  ['the head later', `update hub.audit_head set at = at + interval '1 day' where chain_id = $1`, 5],
])('BX-03 somebody who controls the database cannot change %s unseen', async (_what, edit, seq) => {
  const id = await sealedChain(5)
  await world.tamper(edit, [id])
  const answer = await verifyWorkspace(world, id)
  expect(answer).toMatchObject({ valid: false, fault: { seq } })
})

test('BX-03 a chain rewritten from an edit on, hashes and all, still fails at the signature', async () => {
  const id = await sealedChain(2)
  const [, last] = await exportLines(world, id)
  const { hash: _hash, ...event } = { ...last, actor: { kind: 'user', id: 'x', label: 'Nobody' } } as Record<string, unknown>
  await world.tamper(`update hub.audit_event set actor_id = 'x', actor_label = 'Nobody', hash = $2 where chain_id = $1 and seq = 2`, [
    id,
    hashEvent(event),
  ])
  await world.tamper('update hub.audit_head set hash = $2 where chain_id = $1', [id, hashEvent(event)])
  expect(await verifyWorkspace(world, id)).toMatchObject({
    valid: false,
    events: 2,
    fault: { seq: 2, reason: expect.stringContaining('signature') },
  })
})

test('a head signed with another key is not accepted', async () => {
  const workspaceId = await sealedChain(1)
  const { privateKey } = generateKeyPairSync('ed25519')
  const signingKey = () => privateKey
  const { verifyWorkspaceAudit } = auditHandlers({ notifications: world.database.notifications, signingKey })
  expect(await verifyWorkspaceAudit(world.context({ workspaceId }), inputOf(workspaceId))).toMatchObject({
    valid: false,
    fault: { seq: 1 },
  })
})

type Random = (below: number) => number

/** Mulberry32: the same edits in every run. */
function seeded(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

function editAtRandom(lines: Record<string, unknown>[], random: Random): unknown {
  const at = random(lines.length)
  const other = random(lines.length)
  switch (random(6)) {
    case 0:
      return ['remove', lines.splice(at, 1)]
    case 1:
      return ['repeat', lines.splice(other, 0, lines[at]!)]
    case 2:
      return ['swap', at, other, ([lines[at], lines[other]] = [lines[other]!, lines[at]!])]
    default:
      return ['change', at, changeValue(lines[at]!, random)]
  }
}

/** Changes one value, at any depth. */
function changeValue(holder: Record<string, unknown>, random: Random): unknown {
  const names = Object.keys(holder)
  const name = names[random(names.length)]
  if (name === undefined) return (holder['new'] = 1)
  const value = holder[name]
  if (typeof value === 'object' && value !== null && random(4) > 0) return changeValue(value as Record<string, unknown>, random)
  if (typeof value === 'string' && value !== '' && random(4) > 0) {
    const place = random(value.length)
    holder[name] = value.slice(0, place) + String.fromCodePoint(0x20 + random(0x250)) + value.slice(place + 1)
  } else if (typeof value === 'number') holder[name] = value + 1 + random(3)
  else if (random(2) === 0) delete holder[name]
  else holder[name] = value === null ? random(9) : null
  return [name, value, holder[name]]
}
