import type { RequestContext } from '@freehold/authz/request'
import type { FastifyReply } from 'fastify'

// Access that ended must end the stream within 5 s, also where nothing happens that would ask anew.
const reauthorizeMs = 3_000

/** A signal that aborts when the client is gone, when access has ended or when the server stops. `end` stops asking. */
export function followAccess(ctx: RequestContext, reply: FastifyReply, stopping: AbortSignal): { signal: AbortSignal; end(): void } {
  const gone = new AbortController()
  const reauthorize = setInterval(() => void ctx.renew().catch(() => gone.abort()), reauthorizeMs)
  const end = () => {
    clearInterval(reauthorize)
    gone.abort()
  }
  reply.raw.once('close', end)
  return { signal: AbortSignal.any([gone.signal, stopping]), end }
}
