import { noLimits, type Place, type Principal, type RequestContext } from '@freehold/authz/request'
import { build, type Database, type Tx } from '@freehold/db'
import { mintToken, newId, parseToken } from '@freehold/kit'
import { createTestDatabase } from '@freehold/testing'
import { insertAuditEvent } from '../../audit/index.ts'
import { openGate } from '../../gates/index.ts'
import { insertUserCredential } from '../credential-queries.ts'
import { ensureFirstOperator, findPrincipal, identityHandlers, type IdentityHandlers } from '../index.ts'
import { insertUser } from '../user-queries.ts'
import { openTestRootKeys } from '../../test-fixtures/index.ts'

export type World = Awaited<ReturnType<typeof openWorld>>
type From = { ip?: string; userAgent?: string; dryRun?: boolean }
type Answer<Id extends keyof IdentityHandlers> = Awaited<ReturnType<IdentityHandlers[Id]>> & object

export const password = 'correct horse battery'

const anonymous: Principal = {
  kind: 'user',
  id: '',
  label: '',
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

/** A database of its own, a clock that stands until it is moved, and the handlers as a server would call them. */
export async function openWorld(options: { secureCookies?: boolean } = {}) {
  const { database, drop } = await createTestDatabase()
  const clock = new TestClock()
  const deps = {
    version: '1.2.3',
    secureCookies: options.secureCookies ?? false,
    roots: await openTestRootKeys(database),
    writes: database.writes,
    reads: database.reads,
    clock,
  }
  const handlers = identityHandlers(deps)
  const headers = new Map<string, string>()

  function context(principal: Principal, from: From): RequestContext {
    const dryRun = from.dryRun ?? false
    const shared = { ip: from.ip ?? '192.0.2.1', requestId: newId() }
    const ctx = {
      ...shared,
      principal,
      clock,
      userAgent: from.userAgent ?? 'Firefox on Linux',
      cookie: () => null,
      header: () => null,
      dryRun,
      db: database.reads.under({ principalId: principal.id || newId() }),
      permissions: new Set<string>(),
      reading: (scope) => database.reads.under({ ...scope, gates: principal.gates }),
      setHeader: (header, value) => void headers.set(header, value),
      mutate: (action, place, fn, mutation = {}) =>
        mutate(database, place, principal, dryRun, async (tx) => {
          const change = await fn(tx)
          const actor = mutation.actor ?? { kind: principal.kind, id: principal.id, label: principal.label }
          const { resource, before, after } = change
          await insertAuditEvent(tx, {
            ...shared,
            id: newId(),
            chain: { kind: 'user', id: place.id },
            at: clock.now(),
            actor,
            action,
            resource,
            before,
            after,
          })
          return change.result
        }),
      granted: unused,
      visible: unused,
      afterCommit: unused,
      renew: unused,
    } as RequestContext
    return ctx
  }

  const world = {
    clock,
    deps,
    handlers,
    headers,
    database,
    anonymous: (from: From = {}) => context(anonymous, from),
    /** The context of whoever presents the token, authenticated anew; null when it is refused. */
    async as(token: string, from: From = {}): Promise<RequestContext | null> {
      const parsed = parseToken(token)
      const found = parsed && (await findPrincipal(database.reads, parsed, clock.now()))
      return found && context(found.principal, from)
    },
    async known(token: string, from: From = {}): Promise<RequestContext> {
      const ctx = await world.as(token, from)
      if (!ctx) throw new Error('the token was refused')
      return ctx
    },
    async start() {
      const made = await ensureFirstOperator(deps)
      if (!made.created) throw new Error('the operator was there already')
      return made
    },
    /** Another user, with a personal token. */
    async addUser(email: string): Promise<{ userId: string; token: string; tokenId: string }> {
      const [userId, token, createdAt] = [newId(), mintToken('fhp'), clock.now()]
      const kim = { kind: 'user', id: userId, label: 'Kim' }
      await database.writes.transaction({ principalId: userId }, async (tx) => {
        await tx.run(insertUser({ id: userId, name: kim.label, createdAt }))
        await tx.run(build.updateTable('hub.app_user').set({ email }).where('id', '=', userId))
        await tx.run(insertUserCredential({ kind: 'personal_token', token, userId, createdAt, expiresAt: null, name: 'theirs' }))
        await openGate(tx, 'user', userId)
        const event = { id: newId(), chain: { kind: 'user' as const, id: userId }, at: createdAt, requestId: null, ip: null }
        await insertAuditEvent(tx, { ...event, actor: kim, action: 'user.update', resource: kim })
      })
      return { userId, token: token.plaintext, tokenId: token.id }
    },
    claim: (token: string, email = 'Owner@Example.com ', from: From = {}) =>
      handlers.claimSetup(world.anonymous(from), { params: {}, query: {}, body: { token, name: 'Robin', email, password } }),
    signIn: (email: string, secret: string, from: From = {}): Promise<Answer<'signIn'>> =>
      handlers.signIn(world.anonymous(from), { params: {}, query: {}, body: { email, password: secret } }),
    /** Signs in and answers the token in the cookie. */
    async session(from: From = {}): Promise<string> {
      await world.signIn('owner@example.com', password, from)
      return world.cookieToken()
    },
    cookieToken: () => /freehold_session=([^;]*)/.exec(headers.get('set-cookie') ?? '')![1]!,
    /** What the chain of a user or account says, oldest first. */
    events: (chainId: string) =>
      database.reads
        .under({ principalId: chainId })
        .rows(build.selectFrom('hub.audit_event').selectAll().where('chain_id', '=', chainId).orderBy('id')),
    close: drop,
  }
  return world
}

async function mutate<R>(database: Database, place: Place, principal: Principal, dryRun: boolean, fn: (tx: Tx) => Promise<R>): Promise<R> {
  const { tx, commit, rollback } = await database.writes.begin({ principalId: place.id, gates: principal.gates })
  let result: R
  try {
    result = await fn(tx)
  } catch (error) {
    await rollback()
    throw error
  }
  await (dryRun ? rollback() : commit())
  return result
}

class TestClock {
  #now = new Date('2026-01-01T00:00:00.000Z')
  now() {
    return new Date(this.#now)
  }
  advance(ms: number) {
    this.#now = new Date(this.#now.getTime() + ms)
  }
}

function unused(): never {
  throw new Error('identity needs no such thing')
}
