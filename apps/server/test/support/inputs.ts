import { type AnyRoute, type OperationId, routes } from '@freehold/contract'
import type { TSchema } from 'typebox'
import { type Actor, password } from './actors.ts'
import type { JsonSchema } from './json-schema.ts'
import { sampleValue } from './sample-value.ts'
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
type Override = { body?: Record<string, unknown>; headers?: Record<string, string>; token?: undefined }

/**
 * Valid requests for any route, made from its schemas. What a schema cannot tell is below, by operation: keep it short.
 * `fresh` makes things of their own for each request, for requests that use them up.
 */
export function createInputs(server: TestServer, tenant: Tenant, { fresh = false } = {}) {
  const made = new Map<string, Promise<string>>()

  const overrides: Partial<Record<OperationId, (caller: Actor) => Promise<Override>>> = {
    createWorkspace: async () => ({ body: { region: 'local' } }),
    // A key makes no key that outlives it.
    createApiKey: async () => ({ body: { lifetime_seconds: 3600 } }),
    setWorkspaceStatus: async () => ({ body: { status: 'frozen' } }),
    claimSetup: async () => ({ body: { token: server.firstRun.setupToken } }),
    signIn: async (caller) => ({ body: { email: caller.email ?? tenant.owner.email, password } }),
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
    workspace_id: async () => tenant.workspace.id,
    run_id: async (route) => (route.method === 'GET' ? tenant.workspace.runId : server.failedRun(tenant.workspace)),
    session_id: async (_route, caller) => (await server.session(caller)).id,
  }

  async function idOf(name: string, route: AnyRoute, caller: Actor): Promise<string> {
    const holder = 'self' in route.guard && !isKey(caller) ? caller : tenant.owner
    const make = () => idMakers[name]?.(route, holder) ?? createThrough(name, route, holder)
    if (fresh) return make()
    const key = `${name} ${holder.id} ${route.method === 'GET'}`
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
    const params = route.params ? ((await sampleValue(route.params, ids)) as Record<string, string>) : {}
    const body = route.body ? await sampleValue(route.body, ids, override.body) : undefined
    const query = Object.fromEntries(await Promise.all(idsOfQuery(route.query).map(async (name) => [name, await ids(name)] as const)))
    return { params, query, body, headers: override.headers ?? {}, ...(!('token' in override) && { token: caller.token }) }
  }

  const isKey = (caller: Actor) => caller.token.startsWith('fhk_')
  return { sample }
}

/** The path and query of a request. */
export function pathOf(route: AnyRoute, { params, query }: Pick<Sample, 'params' | 'query'>): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name]!))
  const search = new URLSearchParams(query).toString()
  return search ? `${path}?${search}` : path
}

// Of the query only what filters by an id is filled in: nothing else there is required, or can lead to another tenant.
function idsOfQuery(schema: TSchema | undefined): string[] {
  const { properties = {}, required = [] } = (schema ?? {}) as JsonSchema
  const names = Object.keys(properties).filter((name) => properties[name]!.format === 'uuid')
  const unknown = required.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new Error(`no sample for the query's ${unknown.join(', ')}: give the sweeps an override in support/inputs.ts`)
  return names
}
