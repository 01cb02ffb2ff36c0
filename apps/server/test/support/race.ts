import { Agent, request as httpRequest } from 'node:http'

/** Reads of one path in a tight loop over connections of its own, each judged by when it was sent. */
export type Reader = {
  reads: number
  /** Answers that let the caller in although the request was sent after `revokedAt`. */
  stale: number
  /** Answers to requests that were sent after `revokedAt`. */
  after: number
  stop(): Promise<void>
  revoked(): void
}

/**
 * Reads with a token until stopped. After `revoked()`, which is to be called once the revocation has been acknowledged,
 * any request that begins and is let in counts as stale.
 */
export function startReader(
  url: string,
  token: string,
  { method = 'GET', connections = 4 }: { method?: string; connections?: number } = {},
): Reader {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let isRunning = true
  let isRevoked = false
  const reader: Reader = {
    reads: 0,
    stale: 0,
    after: 0,
    revoked() {
      isRevoked = true
    },
    async stop() {
      isRunning = false
      await Promise.all(loops)
      agent.destroy()
    },
  }

  async function loop(): Promise<void> {
    while (isRunning) {
      const wasRevoked = isRevoked
      const status = await send(url, { method, token, agent })
      reader.reads += 1
      if (wasRevoked) reader.after += 1
      if (wasRevoked && status < 400) reader.stale += 1
    }
  }
  const loops = Array.from({ length: connections }, loop)
  return reader
}

function send(url: string, { method, token, agent }: { method: string; token: string; agent: Agent }): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode!))
    })
    sent.once('error', reject)
    sent.end()
  })
}
