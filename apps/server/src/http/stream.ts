import type { RequestContext, StreamAnswer } from '@freehold/authz/request'
import type { AnyRoute } from '@freehold/contract'
import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { followAccess } from './follow-access.ts'

type StreamOptions = {
  route: AnyRoute
  source: StreamAnswer
  ctx: RequestContext
  lastEventId: string | null
  /** Aborts when the server stops. */
  stopping: AbortSignal
  log(error: unknown): void
}

const heartbeatMs = 15_000

/** Sends a stream as it comes: server-sent events, or a JSON document a line. Ends when access ends. */
export function sendStream(reply: FastifyReply, options: StreamOptions): FastifyReply {
  const { route, source, ctx, lastEventId, stopping } = options
  const { signal, end } = followAccess(ctx, reply, stopping)
  const lines = route.stream === 'sse' ? events(source(signal, lastEventId), signal) : jsonLines(source(signal, null))
  const body = Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 })

  body.once('close', end)
  body.on('error', (error) => {
    if (!signal.aborted) options.log(error)
  })
  signal.addEventListener('abort', () => body.destroy(), { once: true })

  return reply
    .code(200)
    .headers({
      'content-type': route.stream === 'sse' ? 'text/event-stream; charset=utf-8' : 'application/jsonl; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    .send(body)
}

async function* jsonLines(items: ReturnType<StreamAnswer>): AsyncIterable<string> {
  for await (const { data } of items) yield `${JSON.stringify(data)}\n`
}

async function* events(items: ReturnType<StreamAnswer>, signal: AbortSignal): AsyncIterable<string> {
  // A first comment opens the stream at once, also through proxies that wait for a byte.
  yield ': open\n\n'
  const source = items[Symbol.asyncIterator]()
  let next = source.next()
  try {
    while (!signal.aborted) {
      const item = await Promise.race([next, heartbeat(signal)])
      if (item === 'heartbeat') {
        yield ': still here\n\n'
        continue
      }
      if (item.done) return
      const { id, event, data } = item.value
      yield `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
      next = source.next()
    }
  } finally {
    await source.return?.()
  }
}

function heartbeat(signal: AbortSignal): Promise<'heartbeat'> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, heartbeatMs, 'heartbeat')
    timer.unref()
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve('heartbeat')), { once: true })
  })
}
