import { type AnyRoute, AppError, errorCatalogue, isMutation } from '@freehold/contract'
import type { BytesAnswer, StreamAnswer } from '@freehold/authz/request'
import { isUuid, newId } from '@freehold/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RequestFacts } from '../request/request-facts.ts'
import { unauthenticated } from '../request/principals.ts'
import { isApiPath } from './api-path.ts'
import { type AnswerDeps, answer, openSource } from './answer.ts'
import { allowOrigin } from './cors.ts'
import { presentedCredential, refuseForeignOrigin } from './credential.ts'
import { matches } from './etag.ts'
import { malformed, toAppError, toProblem } from './problem.ts'
import { sendPortalPage } from './static-pages.ts'
import { sendBytes } from './bytes.ts'
import { sendStream } from './stream.ts'
import { uploadOf } from './upload.ts'
import { createValidator } from './validate.ts'

export type RegisterOptions = { publicOrigin: string | null; stopping: AbortSignal }

/** Serves a route of the contract: authenticate, validate, then answer. */
export function registerRoute(app: FastifyInstance, deps: AnswerDeps, route: AnyRoute, options: RegisterOptions): void {
  const validate = createValidator(route)

  async function authenticate(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const isOptional = 'public' in route.guard && route.guard.signedIn === 'optional'
    if ('public' in route.guard && !isOptional) return
    const presented = presentedCredential(request)
    if (!presented && isOptional) return
    if (!presented) throw unauthenticated()
    if (presented.by === 'cookie') refuseForeignOrigin(request, options.publicOrigin)
    // Where nobody need be signed in, a credential that has ended is none.
    if (isOptional) request.presented = { token: presented.token, authenticated: null }
    else {
      const authenticated = await deps.principals.authenticate(presented.token)
      request.presented = { token: presented.token, authenticated }
      if (presented.by === 'header') allowOrigin(request, reply, authenticated.principal)
    }
  }

  app.route({
    method: route.method,
    url: route.path,
    // Asking for the headers of what is audited would leave an event and tell nothing.
    exposeHeadRoute: route.method === 'GET' && route.audit === undefined && (!route.stream || route.stream === 'bytes'),
    // Before the body is read: a stranger is told nothing about what would fit.
    onRequest: authenticate,
    handler: async (request, reply) => {
      const facts = gatherFacts(request, route)
      validate(route.takes ? { ...facts.input, body: undefined } : facts.input)
      if (route.stream === 'bytes') return openBytes(facts, request, reply)
      if (route.stream) return openStream(facts, request, reply)
      const { status, headers, body } = await answer(deps, facts)
      const known = route.method === 'GET' ? request.headers['if-none-match'] : undefined
      if (headers['etag'] && known !== undefined && matches(known, headers['etag'])) {
        return reply.code(304).headers(headers).send()
      }
      if (body !== '') reply.type('application/json; charset=utf-8')
      return reply
        .code(status)
        .headers(headers)
        .send(body === '' ? undefined : body)
    },
  })

  async function openStream(facts: RequestFacts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { ctx, source } = await openSource(deps, facts)
    const lastEventId = request.headers['last-event-id']
    return sendStream(reply, {
      route,
      source: source as StreamAnswer,
      ctx,
      lastEventId: typeof lastEventId === 'string' ? lastEventId : null,
      stopping: options.stopping,
      log: (error) => request.log.error({ request_id: request.id, err: error }, 'stream failed'),
    })
  }

  async function openBytes(facts: RequestFacts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { ctx, source } = await openSource(deps, facts)
    return sendBytes(reply, {
      answer: source as BytesAnswer,
      ctx,
      isHead: request.method === 'HEAD',
      stopping: options.stopping,
      log: (error) => request.log.error({ request_id: request.id, err: error }, 'answer of bytes failed'),
    })
  }
}

function gatherFacts(request: FastifyRequest, route: AnyRoute): RequestFacts {
  const { dry_run: dryRun, ...query } = request.query as Record<string, unknown>
  if (dryRun !== undefined && (!isMutation(route) || (dryRun !== 'true' && dryRun !== 'false'))) {
    throw new AppError('invalid_request', 'Send `dry_run=true` or `dry_run=false`, on a request that changes something.', {
      errors: [{ pointer: '/query/dry_run', message: 'must be true or false, on a mutation' }],
    })
  }
  const idempotencyKey = request.headers['idempotency-key']
  if (idempotencyKey !== undefined && (typeof idempotencyKey !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey))) {
    throw new AppError('invalid_request', 'Send an Idempotency-Key of 1 to 255 visible ASCII characters.', {
      errors: [{ pointer: '/headers/Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
    })
  }
  const params = request.params as Record<string, string>
  return {
    route,
    presented: request.presented,
    // UUIDs are stored in lower case and mean the same in upper case.
    input: {
      params: Object.fromEntries(
        Object.entries(params).map(([name, value]) => [name, namesId(route, name) && isUuid(value) ? value.toLowerCase() : value]),
      ),
      query,
      body: route.takes === 'bytes' ? uploadOf(request) : (request.body ?? undefined),
    },
    requestId: request.id,
    ip: request.ip,
    origin: request.headers.origin ?? null,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
    headers: request.headers,
    cookies: request.cookies,
    dryRun: dryRun === 'true',
    ifMatch: request.headers['if-match'] ?? null,
    idempotencyKey: idempotencyKey ?? null,
  }
}

/** Whether a parameter is an id of ours; a key of the customer's may look like one, and is left as it is. */
function namesId({ params }: AnyRoute, name: string): boolean {
  const parameter: { format?: unknown } | undefined = params?.properties[name]
  return parameter?.format === 'uuid'
}

/** Answers an error as a problem document, and logs it if it is ours. */
export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toAppError(thrown)
  const level = errorCatalogue[error.code].status >= 500 ? 'error' : 'debug'
  request.log[level]({ request_id: request.id, err: error.cause ?? thrown, code: error.code, detail: error.detail }, error.message)
  const problem = toProblem(error, request.id, request.routeOptions?.url ?? request.url.split('?')[0]!)
  return reply
    .code(problem.status)
    .headers({ ...problem.headers, 'x-request-id': request.id })
    .send(problem.body)
}

/** Answers every error of a route, and what is at no route. */
export function registerErrors(app: FastifyInstance, routes: readonly AnyRoute[], portalPage: string | null): void {
  app.setErrorHandler(answerError)
  const known = routes.map((route) => ({ method: route.method, pattern: new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}/?$`) }))
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    // Whoever came here by a browser is told so by the portal.
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html') && !isApiPath(path)
    if (wantsPage && portalPage !== null) return sendPortalPage(reply.code(404), portalPage)
    const allowed = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
    if (allowed.length === 0) throw new AppError('not_found', 'There is nothing at this path. The routes are listed at /docs.')
    throw new AppError('method_not_allowed', `Use ${allowed.join(' or ')} here.`, { headers: { allow: allowed.join(', ') } })
  })
}

/** Takes the caller's request id where it is fit for logs, else makes one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : newId()
}

/** JSON bodies only, at most 1 MiB; an empty body is none. */
export function registerBodyParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(/^application\/(?:[\w.-]+\+)?json\b/, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined)
    try {
      done(null, JSON.parse(body as string, refuseDangerousKeys))
    } catch (error) {
      done(error instanceof AppError ? error : malformed('The body is not valid JSON. Send one JSON document, or none.'))
    }
  })
}

/** Bodies of any media type, left to whoever takes them. */
export function registerBytesParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, body, done) => done(null, body))
}

function refuseDangerousKeys(key: string, value: unknown): unknown {
  if (key === '__proto__') throw malformed('The body has a field `__proto__`. Send it without.')
  return value
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The credential that was presented, and who it stood for at the time; null on public routes. */
    presented: RequestFacts['presented']
  }
}
