import type { Static, TObject, TSchema } from 'typebox'
import type { AuditAction } from './audit-actions.ts'
import type { Permission, ResourceType } from './permissions.ts'

/**
 * Who may call a route.
 * - `permission … on …`: the permission on the object whose id is in the named place. `of` names a resource
 *   that belongs to that object, when the id is the resource's (a run belongs to a workspace).
 * - `self`: any signed-in principal, reaching only what is its own; the text says why that is enough.
 * - `public`: nobody proves anything; the text says why. This list is short and reviewed.
 */
export type Guard =
  | { [T in ResourceType]: { permission: Permission<T>; on: T; id: string; in?: 'params' | 'body'; of?: 'provisioning_run' } }[ResourceType]
  | { self: string; principals?: readonly PrincipalKind[] }
  | { public: string }

export type PrincipalKind = 'user' | 'api_key'

type Common<Params, Query, Body, Response> = {
  operationId: string
  /** One line for the reference. */
  summary: string
  /** What a reader should know beyond the summary, in Markdown. */
  description?: string
  tag: 'Accounts' | 'Workspaces' | 'Provisioning' | 'API keys' | 'Audit' | 'Identity' | 'Events' | 'Installation'
  path: `/${string}`
  plane: 'hub' | 'instance'
  guard: Guard
  params?: Params
  query?: Query
  body?: Body
  response: Response
  status: 200 | 201 | 202 | 204
  /** The answer is a bare array with `limit`, `cursor` and a `Link` header. */
  list?: true
  /** The answer is a stream, written as it comes, never a JSON document. */
  stream?: 'sse' | 'jsonl'
  /** Operation whose answer's ETag this mutation honours in `If-Match`. */
  etagOf?: string
}

type Reading = { method: 'GET'; audit?: never; whenFrozen?: never }
type Mutating = {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  audit: AuditAction | readonly AuditAction[]
  /** Whether a frozen workspace refuses it with 423. Routes outside a workspace have nothing to freeze. */
  whenFrozen: 'refuse' | { allow: string }
}

export type AnyRoute = Common<TObject, TObject, TSchema, TSchema> & (Reading | Mutating)

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
