import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Figures of this process. Labels are routes and statuses, never ids. */
export function createMetrics(readings: { stalledRuns(): number }): { registry: Registry; observe(app: FastifyInstance): void } {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const labels = ['method', 'route', 'status']
  const requests = new Counter({
    name: 'freehold_http_requests_total',
    help: 'Requests answered',
    labelNames: labels,
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'freehold_http_request_duration_seconds',
    help: 'Time to answer',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  const stalled: Gauge = new Gauge({
    name: 'freehold_provisioning_runs_stalled',
    help: 'Unfinished runs older than 10 minutes',
    registers: [registry],
    collect: (): void => stalled.set(readings.stalledRuns()),
  })
  // Finding a series by its labels costs more than counting in it.
  const known = new Map<string, { count: Counter.Internal; time: Histogram.Internal<string> }>()
  const seriesOf = (method: string, route: string, status: number) => {
    const key = `${method} ${route} ${status}`
    const found = known.get(key) ?? { count: requests.labels(method, route, String(status)), time: seconds.labels(method, route) }
    known.set(key, found)
    return found
  }
  return {
    registry,
    observe(app) {
      app.addHook('onResponse', (request, reply, done) => {
        const { count, time } = seriesOf(request.method, request.routeOptions.url ?? 'none', reply.statusCode)
        count.inc()
        time.observe(reply.elapsedTime / 1000)
        done()
      })
    },
  }
}
