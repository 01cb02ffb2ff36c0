import type { Principal } from '@freehold/authz/request'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

// Cookies are never let in: pages of other origins use an API key that names them.
const preflightHeaders = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type, idempotency-key, if-match, x-request-id',
  'access-control-max-age': '600',
  vary: 'Origin',
}
const exposedHeaders = 'link, next-cursor, etag, location, x-request-id, retry-after'

/** Answers a browser that asks whether a page may call the API. Any may ask: the key that it then sends decides. */
export function registerPreflight(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!isPreflight(request)) return done()
    reply
      .code(204)
      .headers({ ...preflightHeaders, 'access-control-allow-origin': request.headers.origin! })
      .send()
  })
}

/** Lets the page read the answer, whatever it will be, where it comes from an origin that the caller's key names. */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply, { limits }: Principal): void {
  const { origin } = request.headers
  if (origin === undefined || !limits.allowedOrigins.includes(origin)) return
  reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': exposedHeaders, vary: 'Origin' })
}

function isPreflight({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'OPTIONS' || headers.origin === undefined || headers['access-control-request-method'] === undefined) return false
  return url.startsWith('/v1/') || url.startsWith('/api/')
}
