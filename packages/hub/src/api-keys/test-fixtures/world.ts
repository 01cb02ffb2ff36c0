import { mintGranted } from '@freehold/authz'
import { noLimits, type Principal, type RequestContext } from '@freehold/authz/request'
import { build, type Scope, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { createTestDatabase } from '@freehold/testing'
import { insertAuditEvent } from '../../audit/index.ts'
import { openGate } from '../../gates/index.ts'
import { createUseRecorder } from '../../identity/index.ts'
import { insertDefaultLimits } from '../../limits/index.ts'
import { apiKeyHandlers, createKeyNotices } from '../index.ts'

export type World = Awaited<ReturnType<typeof openWorld>>

const [accountId, userId] = [newId(), newId()]
const person: Principal = {
  kind: 'user',
  id: userId,
  label: 'Kim',
  email: null,
  operator: false,
  workspaceId: null,
  role: null,
  scopes: [],
  tenant: null,
  secondFactor: false,
  limits: noLimits,
  credential: { id: '', kind: 'session', expiresAt: null },
  gates: [],
}

/** A database of its own with a workspace in it, a clock that stands until it is moved, and the verbs of API keys. */
export async function openWorld() {
  const { database, drop } = await createTestDatabase()
  const workspaceId = newId()
  const clock = new TestClock()
  const errors: object[] = []
  const scope: Scope = { workspaceId, accountId }

  function mutate<R>(fn: (tx: Tx) => Promise<R>, action: 'api_key.create' | 'workspace.update' = 'workspace.update'): Promise<R> {
    return database.writes.transaction(scope, async (tx) => {
      const result = await fn(tx)
      const thing = { kind: 'workspace', id: workspaceId, label: 'Quarry' }
      const event = { id: newId(), chain: { kind: 'workspace' as const, id: workspaceId }, at: clock.now(), requestId: null, ip: null }
      await insertAuditEvent(tx, { ...event, actor: thing, action, resource: thing })
      return result
    })
  }

  await mutate(async (tx) => {
    const at = { created_at: clock.now(), updated_at: clock.now() }
    await tx.run(build.insertInto('hub.account').values({ id: accountId, name: 'Account', slug: 'account', ...at }))
    const place = { id: workspaceId, account_id: accountId, name: 'Quarry', slug: 'quarry', status: 'active', ...at } as const
    await tx.run(build.insertInto('hub.workspace').values({ ...place, region: 'local', tenancy_model: 'shared' }))
    await openGate(tx, 'workspace', workspaceId)
    await insertDefaultLimits(tx, workspaceId)
  })

  const ctx = () =>
    ({
      principal: person,
      clock,
      db: database.reads.under(scope),
      granted: () => mintGranted<'workspace', 'manage_members'>('workspace', workspaceId),
      mutate: async (_action: string, _place: unknown, fn: (tx: Tx) => Promise<{ result: unknown }>) => (await mutate(fn)).result,
    }) as unknown as RequestContext
  const inputOf = <Body>(body: Body, keyId = '') => ({ params: { workspace_id: workspaceId, api_key_id: keyId }, query: {}, body })
  const newNotices = () => createKeyNotices({ ...database, clock, logger: { error: (detail) => void errors.push(detail) } })
  const recorder = createUseRecorder({ writes: database.writes, clock, flushMs: 3_600_000 })

  return {
    database,
    clock,
    /** What the sweeps have logged. */
    errors,
    newNotices,
    notices: newNotices(),
    create: (lifetimeSeconds: number | null, name = 'ci') =>
      apiKeyHandlers.createApiKey(ctx(), inputOf({ name, lifetime_seconds: lifetimeSeconds })),
    rotate: (keyId: string, body: { grace_seconds?: number; grace_from?: 'now' | 'first_use' } = {}) =>
      apiKeyHandlers.rotateApiKey(ctx(), inputOf(body, keyId)),
    revoke: (keyId: string) => apiKeyHandlers.revokeApiKey(ctx(), inputOf(undefined, keyId)),
    read: (keyId: string) => apiKeyHandlers.getApiKey(ctx(), inputOf(undefined, keyId)),
    /** Uses a key, and lets the use be written. */
    async use(keyId: string): Promise<void> {
      const credential = { id: keyId, kind: 'api_key' as const, expiresAt: null }
      recorder.record({ ...person, kind: 'api_key', id: keyId, workspaceId, credential }, '192.0.2.1', workspaceId)
      await recorder.flush()
    },
    /** What sweeps have told of a key, oldest first. */
    async told(keyId: string) {
      const rows = await database.reads
        .under(scope)
        .rows(
          build
            .selectFrom('hub.audit_event')
            .select(['action', 'actor_kind', 'actor_id', 'actor_label', 'account_id', 'after'])
            .where('resource_id', '=', keyId)
            .where('actor_kind', '=', 'system')
            .orderBy('id'),
        )
      return rows.map(({ account_id: account, after, ...row }) => ({ ...row, isOfAccount: account === accountId, after }))
    },
    waiting: async () =>
      (
        await database.reads
          .under({ proof: {} })
          .rows(build.selectFrom('hub.api_key_notice').select(['credential_id', 'kind', 'due_at']).orderBy('due_at'))
      ).map((row) => ({ id: row.credential_id, kind: row.kind, due: row.due_at.toISOString() })),
    roleEndsAt: async (keyId: string) =>
      (
        await database.reads
          .under(scope)
          .rows(build.selectFrom('hub.relationship').select(['relation', 'expires_at']).where('subject_id', '=', keyId))
      ).map((row) => row.expires_at?.toISOString() ?? null),
    epoch: async () =>
      Number(
        (await database.reads.under(scope).rows(build.selectFrom('hub.gate').select('epoch').where('id', '=', workspaceId)))[0]!.epoch,
      ),
    close: drop,
  }
}

class TestClock {
  #now = new Date('2026-01-01T00:00:00.000Z')
  now() {
    return new Date(this.#now)
  }
  /** How it will be so many seconds from now. */
  in(seconds: number) {
    return new Date(this.#now.getTime() + seconds * 1000).toISOString()
  }
  advance(seconds: number) {
    this.#now = new Date(this.#now.getTime() + seconds * 1000)
  }
}
