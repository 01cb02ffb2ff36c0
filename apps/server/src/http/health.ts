import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** A dependency and whether it can be used now, or how little of the rest hangs on it; never a reason that tells of hosts or credentials. */
export type Readiness = Record<string, boolean | 'sealed'>

/** For load balancers and monitoring: alive, able to serve, figures. Nothing in them is any tenant's. */
export function registerHealth(app: FastifyInstance, checks: { ready(): Promise<Readiness>; metrics: Registry }): void {
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const dependencies = await checks.ready()
    const isReady = Object.values(dependencies).every((state) => state !== false)
    const words = Object.fromEntries(
      Object.entries(dependencies).map(([name, works]) => [name, works === 'sealed' ? works : works ? 'ok' : 'down']),
    )
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not_ready', dependencies: words })
  })
  app.get('/metrics', async (_request, reply) => reply.type(checks.metrics.contentType).send(await checks.metrics.metrics()))
}
