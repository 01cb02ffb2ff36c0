import { mintToken, newId } from '@freehold/kit'
import type pg from 'pg'
import {
  failedRunText,
  personText,
  relateText,
  revokeText,
  sessionText,
  statusText,
  agentSessionText,
  tenantText,
  tokenText,
  unrelateText,
} from './actor-statements.ts'
import { type Answer, expectStatus, type RequestOptions } from './request.ts'
import { waitFor } from './wait-for.ts'

/** Somebody with a credential. People also have an e-mail address and `password`. */
export type Actor = { id: string; token: string; email?: string }
export type Account = { id: string; owner: Actor }
export type TestWorkspace = { id: string; slug: string; accountId: string; runId: string; owner: Actor }

type Deps = {
  superuser: pg.Client
  operator: Actor
  call(method: string, path: string, options?: RequestOptions): Promise<Answer>
}

/** Of every person that tests make. Its hash was made with the least work that argon2 allows. */
export const password = 'a long enough password'
const passwordHash = '$argon2id$v=19$m=64,t=1,p=1$7kzWfX2HieJpSk54aHGkxA$OVsSZyAdg230brcT2Ds6LNIO6TY+QAtgAjswy+tcUKg'

/**
 * People, accounts and workspaces for tests. People and grants are written by the superuser, since sharing has no routes
 * of its own here; everything else goes through the API.
 */
export function createActors({ superuser, operator, call }: Deps) {
  let count = 0

  /** A person with a personal token and no access to anything. */
  async function user(name = `Person ${++count}`): Promise<Actor> {
    const id = newId()
    const email = `${id}@example.test`
    const token = mintToken('fhp')
    await write(superuser, personText, [id, name, email, passwordHash, token.id, token.hash, token.hint])
    return { id, token: token.plaintext, email }
  }

  /** A further personal token of a person. */
  function personalToken(person: Actor, ends: { expiresAt?: Date; revokedAt?: Date } = {}): Promise<Actor> {
    return credential('fhp', person, ends)
  }

  /** A session of a person, as a cookie holds it. */
  function session(person: Actor, ends: { expiresAt?: Date; revokedAt?: Date } = {}): Promise<Actor> {
    return credential('fhs', person, { expiresAt: new Date(Date.now() + 3_600_000), ...ends })
  }

  async function credential(
    prefix: 'fhp' | 'fhs',
    person: Actor,
    { expiresAt, revokedAt }: { expiresAt?: Date; revokedAt?: Date },
  ): Promise<Actor> {
    const token = mintToken(prefix)
    const text = prefix === 'fhp' ? tokenText : sessionText
    await write(superuser, text, [token.id, token.hash, token.hint, person.id, expiresAt ?? null, revokedAt ?? null])
    return { id: token.id, token: token.plaintext }
  }

  /** Gives a subject a relation to an object (`workspace:id`, `user:id`) and raises the gates, as a grant does. */
  async function relate(resource: string, relation: string, subject: string, expiresAt: Date | null = null): Promise<void> {
    const [resourceType, resourceId] = resource.split(':')
    const [subjectType, rest] = subject.split(':')
    const [subjectId, subjectRelation = ''] = rest!.split('#')
    await write(superuser, relateText, [resourceType, resourceId, relation, subjectType, subjectId, subjectRelation, expiresAt])
  }

  /** Takes a relation away and raises the gates. */
  async function unrelate(resource: string, relation: string, subject: string): Promise<void> {
    await write(superuser, unrelateText, [resource.split(':')[1], relation, subject.split(':')[1]!.split('#')[0]])
  }

  /** An account, owned by a person of its own. */
  async function account(name = `Account ${++count}`): Promise<Account> {
    const owner = await user()
    const made = await call('POST', '/v1/accounts', { token: operator.token, body: { name } })
    expectStatus(made, 201)
    const id = made.json['id'] as string
    await relate(`account:${id}`, 'owner', `user:${owner.id}`)
    await unrelate(`account:${id}`, 'owner', `user:${operator.id}`)
    return { id, owner }
  }

  /** An active workspace in an account of its own, or in the one given. */
  async function workspace(parent?: Account, name = `Workspace ${++count}`): Promise<TestWorkspace> {
    const { id: accountId, owner } = parent ?? (await account())
    const made = await call('POST', '/v1/workspaces', { token: owner.token, body: { account_id: accountId, name, region: 'local' } })
    expectStatus(made, 202)
    const { workspace_id: id, provisioning_run_id: runId } = made.json as { workspace_id: string; provisioning_run_id: string }
    const detail = await waitFor(
      () => call('GET', `/v1/workspaces/${id}`, { token: owner.token }),
      ({ json }) => json['status'] === 'active',
    )
    return { id, slug: detail.json['slug'] as string, accountId, runId, owner }
  }

  /** A person with a role in a workspace. */
  async function member(workspaceId: string, role: 'owner' | 'admin' | 'edit' | 'view'): Promise<Actor> {
    const person = await user()
    await relate(`workspace:${workspaceId}`, role, `user:${person.id}`)
    return person
  }

  /** An API key of a workspace. */
  async function apiKey(of: TestWorkspace, role: 'admin' | 'edit' | 'view', name = `key ${++count}`): Promise<Actor> {
    const made = await call('POST', `/v1/workspaces/${of.id}/api-keys`, { token: of.owner.token, body: { name, role } })
    expectStatus(made, 201)
    return { id: made.json['id'] as string, token: made.json['key'] as string }
  }

  /** The key of a new tenant of a workspace, who is there as if a token had named it. */
  async function tenantKey(of: { id: string }, name = `Tenant ${++count}`): Promise<string> {
    const id = newId()
    await write(superuser, tenantText, [of.id, id, `tenant-${id}`, name])
    return `tenant-${id}`
  }

  /** Lets a credential end a second ago. */
  function expire(credential: Actor): Promise<void> {
    return write(superuser, "update hub.credential set expires_at = now() - interval '1 second' where id = $1", [credential.id])
  }

  /** Takes a credential away without a word: no event tells of it. */
  function revokeQuietly(credential: Actor): Promise<void> {
    return write(superuser, revokeText, [credential.id])
  }

  /** Lets a workspace have so many of everything; by default more than any test makes. */
  function setLimits(of: TestWorkspace, allowed = 1_000_000): Promise<void> {
    return write(superuser, 'update hub.workspace_limit set allowed = $2 where workspace_id = $1', [of.id, allowed])
  }

  /** Puts a workspace into a status that no route of the API leads to. */
  function setStatus(of: { id: string }, status: 'provisioning' | 'failed' | 'offboarding' | 'deleted'): Promise<void> {
    return write(superuser, statusText, [of.id, status])
  }

  /** Turns a person's authenticator app off without a code. */
  function forgetTotp(person: Actor): Promise<void> {
    return write(superuser, 'with c as (delete from hub.recovery_code where user_id = $1) delete from hub.totp where user_id = $1', [
      person.id,
    ])
  }

  /** An agent's session in a workspace: nothing of the API makes one. */
  async function agentSession(of: { id: string }): Promise<void> {
    await write(superuser, agentSessionText, [of.id, newId(), `Session ${++count}`])
  }

  /** A further run of an active workspace that has failed and undone nothing, so that it can be retried or cancelled. */
  async function failedRun(of: TestWorkspace): Promise<string> {
    const id = newId()
    await write(superuser, failedRunText, [id, of.runId])
    return id
  }

  return {
    user,
    personalToken,
    session,
    relate,
    unrelate,
    account,
    workspace,
    member,
    apiKey,
    tenantKey,
    expire,
    revokeQuietly,
    setLimits,
    forgetTotp,
    setStatus,
    failedRun,
    agentSession,
  }
}

// The audit guard at commit holds for everybody; what a test writes beside the API marks itself as recorded. One batch
// on one connection, so that tests may write at the same time.
const queues = new WeakMap<pg.Client, Promise<unknown>>()

function write(client: pg.Client, text: string, values: unknown[]): Promise<void> {
  const turn = (queues.get(client) ?? Promise.resolve()).then(() => writeNow(client, text, values))
  queues.set(
    client,
    turn.catch(() => undefined),
  )
  return turn
}

async function writeNow(client: pg.Client, text: string, values: unknown[]): Promise<void> {
  await client.query('begin')
  try {
    await client.query("select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
    await client.query(text, values)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
