import type { Static, TObject, TSchema } from 'typebox'
import type { AuditAction } from './audit-actions.ts'
import type { Permission, ResourceType } from './permissions.ts'

/**
 * Who may call a route.
 * - `permission … on …`: the permission on the object whose id is in the named place. `of` names a resource
 *   that belongs to that object, when the id is the resource's (a run belongs to a workspace); `by: 'slug'` takes the
 *   object's slug as well as its id.
 * - `self`: any signed-in principal, reaching only what is its own; the text says why that is enough.
 * - `public`: nobody proves anything; the text says why. This list is short and reviewed. `signedIn: 'optional'` tells the
 *   verb who calls, where somebody does.
 *
 * `principals` names the kinds of caller that the route takes, all unless told. A workspace token of a tenant is refused
 * everywhere but where `tenants` says what keeps it to its tenant.
 */
export type Guard =
  | (Callers & { [T in ResourceType]: ObjectGuard<T> }[ResourceType])
  | (Callers & { self: string })
  | { public: string; signedIn?: 'optional' }

type ObjectGuard<T extends ResourceType> = {
  permission: Permission<T>
  on: T
  id: string
  in?: 'params' | 'query' | 'body'
  of?: 'provisioning_run'
  by?: 'slug'
}
type Callers = { principals?: readonly PrincipalKind[]; tenants?: string }

export type PrincipalKind = 'user' | 'api_key' | 'workspace_token'

type Tag =
  | 'Accounts'
  | 'Groups'
  | 'Workspaces'
  | 'Provisioning'
  | 'Sharing'
  | 'Invitations'
  | 'API keys'
  | 'Organization'
  | 'Tenants'
  | 'Sessions'
  | 'Secrets'
  | 'Credentials'
  | 'Files'
  | 'Data Vault'
  | 'Export'
  | 'Audit'
  | 'Identity'
  | 'Sign-in'
  | 'Events'
  | 'Installation'

type Common<Params, Query, Body, Response> = {
  operationId: string
  /** One line for the reference. */
  summary: string
  /** What a reader should know beyond the summary, in Markdown. */
  description?: string
  tag: Tag
  path: `/${string}`
  plane: 'hub' | 'instance'
  guard: Guard
  params?: Params
  query?: Query
  body?: Body
  response: Response
  status: 200 | 201 | 202 | 204
  /** Statuses of refusal beyond those that guard and method imply. */
  faults?: readonly number[]
  /** Each answer is another one, so that none has an ETag. */
  volatile?: true
  /** The answer is a bare array with `limit`, `cursor` and a `Link` header. */
  list?: true
  /**
   * The answer is a stream, written as it comes, never a JSON document. Of `bytes` the verb says the media type, the
   * length and, for a part, the range.
   */
  stream?: 'sse' | 'jsonl' | 'bytes'
  /** The body is bytes of any media type and length, given to the verb as they come. A dry run sends none. */
  takes?: 'bytes'
  /** Operation whose answer's ETag this mutation honours in `If-Match`. */
  etagOf?: string
  /** Why an archived workspace still answers it. All else is refused with 423. */
  whenArchived?: { allow: string }
}

/**
 * A read; one that says too much for a URL is a POST that `reads`: no dry run, no Idempotency-Key, and it may be repeated.
 * `audit` on a read: each call leaves an event, which is stored before the answer leaves.
 */
type Reading = ({ method: 'GET'; reads?: never } | { method: 'POST'; reads: true }) & { audit?: AuditAction; whenFrozen?: never }
type Mutating = {
  reads?: never
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  audit: AuditAction | readonly AuditAction[]
  /** Whether a frozen workspace refuses it with 423. Routes outside a workspace have nothing to freeze. */
  whenFrozen: 'refuse' | { allow: string }
}

export type AnyRoute = Common<TObject, TObject, TSchema, TSchema> & (Reading | Mutating)

/** Whether a route changes something. */
export function isMutation(route: AnyRoute): boolean {
  return route.method !== 'GET' && route.reads !== true
}

/** Declares a route. Without guard, schema, audit action and freeze policy it does not compile. */
export function route<
  const Params extends TObject,
  const Query extends TObject,
  const Body extends TSchema,
  const Response extends TSchema,
  const Rest extends Reading | Mutating,
>(definition: Common<Params, Query, Body, Response> & Rest): Common<Params, Query, Body, Response> & Rest {
  return definition
}

type StaticOr<Schema, Else> = Schema extends TSchema ? Static<Schema> : Else
type ParamsOf<R> = R extends { params?: infer P } ? StaticOr<Exclude<P, undefined>, Record<never, never>> : Record<never, never>
type QueryOf<R> = R extends { query?: infer Q } ? StaticOr<Exclude<Q, undefined>, Record<never, never>> : Record<never, never>
type BodyOf<R> = R extends { body?: infer B } ? StaticOr<Exclude<B, undefined>, undefined> : undefined

/** What a handler of the route is given. */
export type RouteInput<R> = { params: ParamsOf<R>; query: QueryOf<R>; body: BodyOf<R> }
/** What the route answers. */
export type RouteOutput<R> = R extends { response: infer S extends TSchema } ? Static<S> : never
