import type { BytesAnswer, Handlers, PageOf, Principal, RequestContext, StreamAnswer } from '@freehold/authz/request'
import { type AnyRoute, AppError, isMutation } from '@freehold/contract'
import { type Database, EpochMoved, type Gate, type Tx } from '@freehold/db'
import type { Delivery } from '@freehold/hub'
import type { Clock } from '@freehold/kit'
import type { Authorized, RouteAuthorizer } from '../request/authorize-route.ts'
import type { Decisions } from '../request/decisions.ts'
import { openRequest, type OpenRequest } from '../request/open-request.ts'
import type { Principals } from '../request/principals.ts'
import { unauthenticated } from '../request/principals.ts'
import type { RequestFacts } from '../request/request-facts.ts'
import { anonymous } from '../request/anonymous.ts'
import { etagOf, requireMatch } from './etag.ts'
import { claimKey, hashRequest, type IdempotentRequest, ReplayedAnswer, type StoredAnswer, storeAnswer } from './idempotency.ts'

type AnyHandler = (ctx: RequestContext, input: never) => Promise<unknown>
export type Answerer = (facts: RequestFacts) => Promise<StoredAnswer>
export type AnswerDeps = {
  database: Database
  clock: Clock
  principals: Principals
  decisions: Decisions
  authorizeRoute: RouteAuthorizer
  handlers: Handlers
  serializers: ReadonlyMap<string, (value: unknown) => string>
  routes: Readonly<Record<string, AnyRoute>>
  /** Where relationships also go to SpiceDB: a change of them is acknowledged once they are there. */
  delivery: Pick<Delivery, 'hasChanged' | 'settle'> | null
  /** `workspaceId` is that of the object which the guard asked about. */
  recordUse(principal: RequestContext['principal'], ip: string, workspaceId: string | null): void
}

// Whoever changes what others may do moves their gates; each attempt decides anew.
const attempts = 8

/** Authenticates, authorizes, and builds the context; also what a stream does again and again. */
async function openContext(deps: AnswerDeps, facts: RequestFacts, isRetry = false): Promise<OpenRequest> {
  const { principal, authorized } = await decide(deps, facts)
  if (!('public' in facts.route.guard)) deps.recordUse(principal, facts.ip, authorized?.type === 'workspace' ? authorized.id : null)
  const idempotent = idempotentRequest(deps, facts, principal.id)
  return openRequest(
    {
      ...deps,
      isRetry,
      renew: async (proof) => (await (proof === 'first_read' ? openContext(deps, facts) : proved(deps, facts))).ctx,
      decideAgain: async (request) => {
        forget(deps, facts, request)
        return decide(deps, facts)
      },
      beforeChange: async (request, tx) => {
        if (idempotent) await claimKey(tx, idempotent)
        await checkVersion(deps, facts, request, tx)
      },
    },
    facts,
    principal,
    authorized,
  )
}

async function decide(deps: AnswerDeps, facts: RequestFacts): Promise<{ principal: Principal; authorized: Authorized | null }> {
  const principal = await principalOf(deps, facts)
  try {
    return { principal, authorized: await deps.authorizeRoute(principal, facts) }
  } catch (error) {
    if (!isRefusal(error) || facts.presented === null) throw error
    // What is remembered of the caller refuses nobody: the credential may have ended since, or been proved by a second factor.
    deps.principals.forget(facts.presented.token)
    const again = await principalOf(deps, facts)
    if (isSame(again.gates, principal.gates)) throw error
    return { principal: again, authorized: await deps.authorizeRoute(again, facts) }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'not_found' || error.code === 'forbidden')
}

function isSame(gates: readonly Gate[], others: readonly Gate[]): boolean {
  return gates.length === others.length && gates.every(({ id, epoch }, index) => others[index]?.id === id && others[index].epoch === epoch)
}

/** The verb of a route that is known by its name alone. */
function handlerOf(deps: AnswerDeps, operationId: string): AnyHandler {
  return deps.handlers[operationId as keyof Handlers] as AnyHandler
}

async function principalOf(deps: AnswerDeps, { route, presented }: RequestFacts): Promise<Principal> {
  if ('public' in route.guard) return route.guard.signedIn === 'optional' ? whoeverCalls(deps, presented) : anonymous
  if (presented === null) throw unauthenticated()
  // Who it was when the request came in serves once: deciding again, or renewing a stream, asks anew.
  const { token, authenticated } = presented
  presented.authenticated = null
  return (authenticated ?? (await deps.principals.authenticate(token))).principal
}

async function whoeverCalls(deps: AnswerDeps, presented: RequestFacts['presented']): Promise<Principal> {
  if (presented === null) return anonymous
  try {
    return (await deps.principals.authenticate(presented.token)).principal
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') return anonymous
    throw error
  }
}

function forget(deps: AnswerDeps, facts: RequestFacts, request: OpenRequest): void {
  if (facts.presented !== null) deps.principals.forget(facts.presented.token)
  request.forget()
}

/** Same, with its gates compared. A gate that moved in between makes it decide again. */
function proved(deps: AnswerDeps, facts: RequestFacts): Promise<OpenRequest> {
  return decidingAgain(deps, facts, async (request) => {
    await request.prove()
    return request
  })
}

/** What a stream's verb makes of the request: the source, and the context that renews itself. Its first reads decide again as any other's. */
export function openSource(deps: AnswerDeps, facts: RequestFacts): Promise<{ ctx: RequestContext; source: StreamAnswer | BytesAnswer }> {
  return decidingAgain(deps, facts, async (request) => {
    await request.prove()
    const handler = handlerOf(deps, facts.route.operationId)
    try {
      const source = (await handler(request.ctx, facts.input as never)) as StreamAnswer | BytesAnswer
      // What is audited leaves its event before its first byte.
      await request.transaction()?.commit()
      for (const effect of request.effects) effect()
      return { ctx: request.ctx, source }
    } catch (error) {
      await request.transaction()?.rollback()
      throw error
    }
  })
}

/** Answers a request with JSON: everything it changes, and its remembered answer, is one transaction. */
export function answer(deps: AnswerDeps, facts: RequestFacts): Promise<StoredAnswer> {
  return decidingAgain(deps, facts, async (request) => {
    try {
      return await answerOnce(deps, facts, request)
    } catch (error) {
      await request.transaction()?.rollback()
      if (error instanceof ReplayedAnswer) await settle(deps)
      if (error instanceof ReplayedAnswer) return { ...error.answer, headers: { ...error.answer.headers, 'idempotency-replayed': 'true' } }
      throw error
    }
  })
}

async function decidingAgain<R>(deps: AnswerDeps, facts: RequestFacts, act: (request: OpenRequest) => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    const request = await openContext(deps, facts, attempt > 1)
    try {
      return await act(request)
    } catch (error) {
      if (!(error instanceof EpochMoved) || attempt === attempts) throw error
      forget(deps, facts, request)
    }
  }
}

async function answerOnce(deps: AnswerDeps, facts: RequestFacts, request: OpenRequest): Promise<StoredAnswer> {
  const { route } = facts
  const handler = handlerOf(deps, route.operationId)
  const result = await handler(request.ctx, facts.input as never)
  const value = route.list ? listAnswer(facts, request, result as PageOf<unknown>) : result
  const body = deps.serializers.get(route.operationId)!(value)
  const isResource = !route.list && !route.volatile && route.status === 200 && (route.method === 'GET' || route.etagOf !== undefined)
  const stored: StoredAnswer = {
    status: route.status,
    headers: { ...request.headers, ...(isResource && { etag: etagOf(body) }), ...(facts.dryRun && { 'dry-run': 'true' }) },
    body,
  }

  const open = request.transaction()
  if (!open) {
    if (!request.isProved()) await request.prove()
    return stored
  }
  if (facts.dryRun) {
    // What would be refused at the commit must be refused here.
    await open.tx.sql({ name: 'check_constraints', text: 'set constraints all immediate', values: [] })
    await open.rollback()
    return stored
  }
  const idempotent = idempotentRequest(deps, facts, request.ctx.principal.id)
  if (idempotent) await storeAnswer(open.tx, idempotent, stored)
  const mustSettle = await deps.delivery?.hasChanged(open.tx)
  await open.commit()
  for (const effect of request.effects) effect()
  if (mustSettle) await settle(deps)
  return stored
}

/** What was taken away is refused from the commit on; but only when SpiceDB knows of it may anybody be told that all is done. */
async function settle({ delivery }: AnswerDeps): Promise<void> {
  await delivery?.settle().catch((cause: unknown) => {
    throw new AppError(
      'unavailable',
      'The change is stored and no longer needs you; it takes effect as soon as the permission service answers again. Send it again only under the same Idempotency-Key.',
      { cause, members: { stored: true } },
    )
  })
}

function listAnswer(facts: RequestFacts, request: OpenRequest, { items, next }: PageOf<unknown>): unknown[] {
  if (next !== null) {
    const query = new URLSearchParams({ ...(facts.input.query as Record<string, string>), cursor: next })
    const path = facts.route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(facts.input.params[name]!))
    request.headers['link'] = `<${path}?${query.toString()}>; rel="next"`
  }
  return items
}

function idempotentRequest(deps: AnswerDeps, facts: RequestFacts, principalId: string): IdempotentRequest | null {
  // Bytes are not kept to be compared with.
  if (facts.route.takes === 'bytes') return null
  if (facts.idempotencyKey === null || facts.route.method !== 'POST' || !isMutation(facts.route) || !principalId || facts.dryRun)
    return null
  const { params, query, body } = facts.input
  return {
    principalId,
    route: facts.route.operationId,
    key: facts.idempotencyKey,
    requestHash: hashRequest(facts.idempotencyKey, [params, query, body ?? null]),
    now: deps.clock.now(),
  }
}

/** What a resource is called by whoever changes it. A guarded object is the same under all of its addresses. */
function lockNameOf({ guard, params, etagOf: reader }: AnyRoute): string | undefined {
  return 'on' in guard && Object.keys(params?.properties ?? {}).length === 1 ? guard.on : reader
}

/** Runs the read whose answer the caller says it knows, in the transaction, and compares. */
async function checkVersion(deps: AnswerDeps, facts: RequestFacts, request: OpenRequest, tx: Tx): Promise<void> {
  const { route } = facts
  if (route.etagOf === undefined) return
  // Two changes of one resource come one after the other, whether or not they send If-Match.
  await tx.sql({
    name: 'resource_lock',
    text: "select pg_advisory_xact_lock(hashtextextended('resource:' || $1, 0))",
    values: [
      [
        lockNameOf(route),
        ...Object.values(facts.input.params),
        request.ctx.principal.kind === 'user' && route.params === undefined ? request.ctx.principal.id : '',
      ].join(' '),
    ],
  })
  if (facts.ifMatch === null) return
  const read = handlerOf(deps, route.etagOf)
  const reading = deps.routes[route.etagOf]!
  const current = await read(request.within(tx), facts.input as never)
  requireMatch(facts.ifMatch, etagOf(deps.serializers.get(reading.operationId)!(current)))
}
