import type { FastifyInstance } from 'fastify'

// As long as a statement may take, so that what was begun is answered.
const patienceMs = 10_000
const lookMs = 50

/**
 * A way to close the application: requests in flight are answered, and every connection without one is cut. Node takes a
 * connection that has not sent a request yet (browsers open them ahead) for a busy one and would wait for it for minutes.
 */
export function createClose(app: FastifyInstance): () => Promise<void> {
  let inFlight = 0
  app.server.on('request', (_request, response) => {
    inFlight += 1
    response.once('close', () => {
      inFlight -= 1
    })
  })

  return async () => {
    const end = Date.now() + patienceMs
    const cut = setInterval(() => {
      if (inFlight === 0 || Date.now() > end) app.server.closeAllConnections()
    }, lookMs)
    try {
      await app.close()
    } finally {
      clearInterval(cut)
    }
  }
}
