import cookie from '@fastify/cookie'
import { contract, routes } from '@freehold/contract'
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import { type AnswerDeps } from './answer.ts'
import { registerPreflight } from './cors.ts'
import { docsPage } from './docs-page.ts'
import { toOpenApi } from './openapi.ts'
import { answerError, registerBodyParser, registerBytesParser, registerErrors, registerRoute, requestIdOf } from './register-routes.ts'
import { createSerializer } from './serialize.ts'
import { isApiPath } from './api-path.ts'
import { registerTusOptions } from './tus-options.ts'
import { contentSecurityPolicy, readPortalPage, registerPortal } from './static-pages.ts'

export type AppOptions = {
  answering: Omit<AnswerDeps, 'serializers' | 'routes'>
  logger: Logger
  publicUrl: string | null
  version: string
  maxFileBytes: number
  stopping: AbortSignal
  /** What the operator's tools read: health and metrics. */
  register(app: FastifyInstance): void
}

const commonHeaders = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' }
const bodyLimitBytes = 1024 * 1024

/** The HTTP application: every route of the contract, the reference, health, and the portal. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { publicUrl, version } = options
  const app = Fastify({
    loggerInstance: options.logger,
    // A logger of its own for each request costs more than the rest of the routing; what is logged names the request itself.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    // Only what the proxy in front of us has written itself, which is the last address: a caller may have written those before it.
    trustProxy: publicUrl !== null && ((_address, hop) => hop === 0),
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    // What is too long for an id is refused by its schema, as any other; Node bounds the whole line.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16_384 },
    frameworkErrors: (error, request, reply) => void answerError(error, request as FastifyRequest, reply as unknown as FastifyReply),
  }) as unknown as FastifyInstance
  app.decorateRequest('presented', null)
  await app.register(cookie)
  registerBodyParser(app)
  const portalPage = readPortalPage()
  registerErrors(app, routes, portalPage)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).headers(commonHeaders)
    if (isApiPath(request.url)) reply.header('cache-control', 'no-store')
    else reply.header('content-security-policy', contentSecurityPolicy)
  })
  registerPreflight(app)
  registerTusOptions(app, options.maxFileBytes)
  options.register(app)

  const deps: AnswerDeps = {
    ...options.answering,
    routes: contract,
    serializers: new Map(routes.map((route) => [route.operationId, createSerializer(route)])),
  }
  const publicOrigin = publicUrl === null ? null : new URL(publicUrl).origin
  const registerOptions = { publicOrigin, stopping: options.stopping }
  for (const route of routes) if (!route.takes) registerRoute(app, deps, route, registerOptions)
  await app.register(async (taking) => {
    registerBytesParser(taking)
    for (const route of routes) if (route.takes) registerRoute(taking, deps, route, registerOptions)
  })

  const openApi = JSON.stringify(toOpenApi(routes, { version, url: publicUrl }))
  app.get('/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').send(openApi))
  app.get('/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(docsPage(routes, version)))
  const docsStyle = readFileSync(new URL('./docs.css', import.meta.url))
  app.get('/docs.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(docsStyle))
  if (portalPage !== null) await registerPortal(app, portalPage)
  return app
}
