import { type AnyRoute, contract, type OperationId, routes } from '@freehold/contract'
import { newId } from '@freehold/kit'
import type { OidcProvider } from '@freehold/testing'
import type { TSchema } from 'typebox'
import { type Actor, password } from './actors.ts'
import type { JsonSchema } from './json-schema.ts'
import { expectStatus } from './request.ts'
import { sampleValue } from './sample-value.ts'
import { createVaultInputs } from './vault-inputs.ts'
import { createSignInInputs } from './sign-in-inputs.ts'
import type { Tenant } from './tenant.ts'
import type { TestServer } from './test-server.ts'

/** A whole request that the route takes. */
export type Sample = {
  params: Record<string, string>
  query: Record<string, string>
  body: unknown
  headers: Record<string, string>
  token?: string
}
type Override = {
  params?: Record<string, string>
  query?: Record<string, string>
  body?: Record<string, unknown>
  /** What a route that takes bytes is sent. */
  bytes?: string
  headers?: Record<string, string>
  token?: string | undefined
}

/**
 * Valid requests for any route, made from its schemas. What a schema cannot tell is below, by operation: keep it short.
 * `fresh` makes things of their own for each request, for requests that use them up. `provider` is what the server's
 * sign-in by OIDC leads to.
 */
export function createInputs(
  server: TestServer,
  tenant: Tenant,
  { fresh = false, provider = null }: { fresh?: boolean; provider?: OidcProvider | null } = {},
) {
  const made = new Map<string, Promise<string>>()
  const signInInputs = createSignInInputs(server, provider, (caller) => (caller.email ? caller : tenant.owner))

  const overrides: Partial<Record<OperationId, (caller: Actor) => Promise<Override>>> = {
    createWorkspace: async () => ({ body: { region: 'local' } }),
    // What belongs to a workspace makes no key that outlives it.
    createApiKey: async () => ({ body: { lifetime_seconds: 1800 } }),
    addAccountMember: async () => ({ body: { subject: (await server.user()).email, role: 'member' } }),
    createGrant: async () => ({ body: { subject: (await server.user()).email, role: 'view', expires_at: null } }),
    updateGrant: async () => ({ body: { role: 'edit', expires_at: null } }),
    explainAccess: async () => ({ query: { permission: 'read' } }),
    transferOwnership: async () => ({ body: { subject: (await server.user()).email } }),
    // Who has proved no second factor may not ask for one, and other routes' keys shall live.
    updateAccount: async () => ({ body: { require_second_factor: false, max_api_key_lifetime_seconds: null } }),
    updateAccountMember: async () => ({ body: { role: 'billing' } }),
    removeGroupMember: async () => ({ params: await insideGroup('members', 'user_id', accountMember) }),
    removeGroupChild: async () => ({ params: await insideGroup('groups', 'child_id', newGroup) }),
    previewInvitation: async () => ({ query: { token: await invitationToken() } }),
    // Whoever is not signed in becomes a user of the invited e-mail, so this fits every caller.
    acceptInvitation: async () => ({ body: { token: await invitationToken() }, token: undefined }),
    setWorkspaceStatus: async () => ({ body: { status: 'frozen' } }),
    getTenant: async () => ({ params: { tenant_key: await newTenantKey() } }),
    updateTenant: async () => ({ params: { tenant_key: await newTenantKey() } }),
    deleteTenant: async () => ({ params: { tenant_key: await newTenantKey() } }),
    ...createVaultInputs(server, tenant),
    listProjectSessions: async () => ({ params: { workspace: tenant.workspace.slug } }),
    createOrgWorkspace: async () => ({ body: { region: 'local' } }),
    updateOrgWorkspace: async () => ({ body: { settings: {}, limits: { environments: 20 }, isReadOnly: false } }),
    claimSetup: async () => ({ body: { token: server.firstRun.setupToken } }),
    signIn: async (caller) => {
      const person = caller.email ? caller : tenant.owner
      await server.forgetTotp(person)
      return { body: { email: person.email, password } }
    },
    ...signInInputs.overrides,
    changePassword: async () => ({ body: { current_password: password } }),
    signOut: async (caller) => {
      if (isKey(caller)) return {}
      const { token } = await server.session(caller)
      return { headers: { cookie: `freehold_session=${token}`, origin: server.url }, token: undefined }
    },
  }

  /** Ids that no other route of the contract creates by POST. */
  const idMakers: Record<string, (route: AnyRoute, caller: Actor) => Promise<string>> = {
    account_id: async () => tenant.accountId,
    orgId: async () => tenant.accountId,
    workspace_id: async () => tenant.workspace.id,
    user_id: async () => accountMember(),
    child_id: async () => newGroup(),
    run_id: async (route) => (route.method === 'GET' ? tenant.workspace.runId : server.failedRun(tenant.workspace)),
    session_id: async (_route, caller) => (await server.session(caller)).id,
    passkey_id: (_route, caller) => signInInputs.passkeyId(caller),
  }

  async function accountMember(): Promise<string> {
    const { id } = await server.user()
    await server.relate(`account:${tenant.accountId}`, 'member', `user:${id}`)
    return id
  }

  /** What the link of a new invitation to the workspace holds. */
  async function invitationToken(): Promise<string> {
    const body = { email: `${newId()}@example.test`, role: 'view' }
    const made = await server.as(tenant.owner)('POST', `/v1/workspaces/${tenant.workspace.id}/invitations`, body)
    expectStatus(made, 201)
    return made.json['token'] as string
  }

  const newTenantKey = () => server.tenantKey(tenant.workspace, `Tenant ${tenant.canary}`)
  const newGroup = () => createThrough('group_id', contract.getGroup, tenant.owner)

  /** A group with something in it. */
  async function insideGroup(kind: 'members' | 'groups', name: string, make: () => Promise<string>): Promise<Record<string, string>> {
    const [groupId, id] = [await newGroup(), await make()]
    const path = `/v1/accounts/${tenant.accountId}/groups/${groupId}/${kind}/${id}`
    expectStatus(await server.as(tenant.owner)('PUT', path), 204)
    return { group_id: groupId, [name]: id }
  }

  async function idOf(name: string, route: AnyRoute, caller: Actor): Promise<string> {
    const holder = 'self' in route.guard && !isKey(caller) ? caller : tenant.owner
    const make = () => idMakers[name]?.(route, holder) ?? createThrough(name, route, holder)
    if (fresh) return make()
    // What two routes name alike may be in two places.
    const key = `${name} ${route.path.split(`/:${name}`)[0]} ${holder.id} ${route.method === 'GET'}`
    if (!made.has(key)) made.set(key, make())
    return made.get(key)!
  }

  /** Creates what `…/things/:thing_id` names by `POST …/things`. */
  async function createThrough(name: string, route: AnyRoute, caller: Actor): Promise<string> {
    const collection = route.path.slice(0, route.path.indexOf(`/:${name}`))
    const creator = routes.find((candidate) => candidate.method === 'POST' && candidate.path === collection)
    if (!creator) throw new Error(`${route.operationId}: nothing makes a \`${name}\`; give the sweeps an id maker in support/inputs.ts`)
    const answer = await server.call('POST', pathOf(creator, await sample(creator, caller)), {
      token: caller.token,
      body: (await sample(creator, caller)).body,
    })
    const id = answer.json['id']
    if (typeof id !== 'string') throw new Error(`${creator.operationId} made no \`id\`: ${answer.text}`)
    return id
  }

  async function sample(route: AnyRoute, caller: Actor): Promise<Sample> {
    const ids = (name: string) => idOf(name, route, caller)
    const override = (await overrides[route.operationId as OperationId]?.(caller)) ?? {}
    const params = route.params ? ((await sampleValue(route.params, ids, override.params)) as Record<string, string>) : {}
    const bytes = route.takes && Buffer.from(override.bytes ?? `bytes of ${tenant.canary}`)
    const body = route.body ? await sampleValue(route.body, ids, override.body) : bytes
    const wanted = idsOfQuery(route.query, override.query)
    const token = 'token' in override ? override.token : caller.token
    const query = Object.fromEntries(await Promise.all(wanted.map(async (name) => [name, await ids(name)] as const)))
    return {
      params,
      query: { ...query, ...override.query },
      body,
      headers: override.headers ?? {},
      ...(token !== undefined && { token }),
    }
  }

  const isKey = (caller: Actor) => !/^fh[ps]_/.test(caller.token)
  return { sample }
}

/** The path and query of a request. */
export function pathOf(route: AnyRoute, { params, query }: Pick<Sample, 'params' | 'query'>): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name]!))
  const search = new URLSearchParams(query).toString()
  return search ? `${path}?${search}` : path
}

// Of the query only what filters by an id is filled in: nothing else there is required, or can lead to another tenant.
function idsOfQuery(schema: TSchema | undefined, given: Record<string, string> = {}): string[] {
  const { properties = {}, required = [] } = (schema ?? {}) as JsonSchema
  const names = Object.keys(properties).filter((name) => properties[name]!.format === 'uuid')
  const unknown = required.filter((name) => !names.includes(name) && !(name in given))
  if (unknown.length > 0)
    throw new Error(`no sample for the query's ${unknown.join(', ')}: give the sweeps an override in support/inputs.ts`)
  return names
}
