import type { BytesAnswer, RequestContext } from '@freehold/authz/request'
import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { followAccess } from './follow-access.ts'

type BytesOptions = {
  answer: BytesAnswer
  ctx: RequestContext
  /** Asks for the headers alone. */
  isHead: boolean
  stopping: AbortSignal
  log(error: unknown): void
}

/** Sends bytes as they are read, until access ends. */
export async function sendBytes(reply: FastifyReply, { answer, ctx, isHead, stopping, log }: BytesOptions): Promise<FastifyReply> {
  reply.code(answer.status).headers(answer.headers)
  if (answer.status === 304) return reply.send()
  // Fastify would count the bytes of anything but a stream, and say that there are none.
  if (isHead) return reply.send(Readable.from([]))
  const { signal, end } = followAccess(ctx, reply, stopping)
  const body = await answer.open(signal).catch((error: unknown) => {
    end()
    throw error
  })
  body.once('close', end)
  body.on('error', (error) => {
    if (!signal.aborted) log(error)
  })
  signal.addEventListener('abort', () => body.destroy(), { once: true })
  return reply.send(body)
}
