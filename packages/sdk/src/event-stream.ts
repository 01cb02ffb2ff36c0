import type { AuditEvent, Run } from '@freehold/contract'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { FreeholdError, unexpectedResponse } from './freehold-error.ts'
import { type Connection, isPassing, type Outgoing, sendOnce } from './send.ts'
import { readText } from './text-stream.ts'
import { backOffMs, wait } from './wait.ts'

/** What each event of a stream carries. `resync` carries nothing: read again whatever is shown. */
export type EventData = { audit: AuditEvent; run: Run; resync: Record<string, never> }
export type StreamEvent = { [E in keyof EventData]: { id: string; event: E; data: EventData[E] } }[keyof EventData]

export type StreamOptions = {
  /** Ends the stream quietly. */
  signal?: AbortSignal | undefined
  /** Resume after this event, where the stream resumes. */
  lastEventId?: string | undefined
  /** Told at each change: `open` the first time and after each `lost`, when lists may have to be read again. */
  onConnection?: ((state: 'open' | 'lost') => void) | undefined
}

const firstDelayMs = 500
const longestDelayMs = 15_000
/** The server writes a comment every 15 s. Three missing ones mean a connection that is only half there. */
const silenceLimitMs = 45_000
const largestEventChars = 4 * 1024 * 1024

/**
 * Server-sent events for as long as the caller listens: it connects again after every loss and resumes by `Last-Event-ID`.
 * It ends when the signal aborts, when the server answers 204 or, of a thing that ends, with that thing. It rejects when the first
 * connection fails for good, or when the server refuses one.
 */
export async function* followEvents(
  connection: Connection,
  outgoing: Outgoing,
  ends: boolean,
  options: StreamOptions,
): AsyncGenerator<StreamEvent, void, undefined> {
  let lastEventId = options.lastEventId ?? ''
  let delayMs = firstDelayMs
  let failures = 0
  let wasOpen = false
  let told: 'open' | 'lost' = 'lost'
  const { signal } = options
  const tell = (state: 'open' | 'lost') => {
    if (state !== told) options.onConnection?.(state)
    told = state
  }

  while (!signal?.aborted) {
    const silence = watchSilence()
    let finished = false
    try {
      const headers = { ...outgoing.headers, accept: 'text/event-stream', ...(lastEventId && { 'last-event-id': lastEventId }) }
      const listen = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal
      const response = await sendOnce(connection, { ...outgoing, headers, signal: listen }, async (answer) => answer)
      if (response.status === 204) return
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
        throw unexpectedResponse(response, 'A stream of events was expected.')
      }
      wasOpen = true
      tell('open')

      const received: EventSourceMessage[] = []
      const parser = createParser({
        maxBufferSize: largestEventChars,
        onRetry: (ms) => (delayMs = ms),
        onEvent: (message) => received.push(message),
      })
      for await (const text of readText(response)) {
        silence.heard()
        parser.feed(text)
        for (const message of received.splice(0)) {
          failures = 0
          lastEventId = message.id ?? lastEventId
          const event = toEvent(response, message, lastEventId)
          finished = isFinal(event)
          yield event
        }
      }
      if (ends && finished) return
    } catch (error) {
      if (signal?.aborted) return
      if (error instanceof FreeholdError && !isPassing(error) && error.status !== 500) throw error
      if (!wasOpen && failures >= connection.maxRetries) throw error
      if (error instanceof FreeholdError && error.retryAfterMs !== undefined) delayMs = Math.max(delayMs, error.retryAfterMs)
    } finally {
      silence.stop()
    }
    if (wasOpen) tell('lost')
    await wait(backOffMs(failures++, delayMs, Math.max(longestDelayMs, delayMs)), signal).catch(() => undefined)
  }
}

function toEvent(response: Response, { event, data }: EventSourceMessage, id: string): StreamEvent {
  try {
    return { id, event: event ?? 'message', data: JSON.parse(data) } as StreamEvent
  } catch (cause) {
    throw unexpectedResponse(response, 'An event of it is not JSON.', cause)
  }
}

function isFinal({ data }: StreamEvent): boolean {
  return typeof data === 'object' && data !== null && 'finished_at' in data && data.finished_at !== null
}

/** A signal that aborts after too long a silence, and when stopped, which closes the connection. */
function watchSilence() {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(() => controller.abort(), silenceLimitMs)
  }
  heard()
  return {
    signal: controller.signal,
    heard,
    stop: () => {
      clearTimeout(timer)
      controller.abort()
    },
  }
}
