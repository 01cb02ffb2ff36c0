import type { Actor } from './actors.ts'
import type { TestServer } from './test-server.ts'
import { waitFor } from './wait-for.ts'

export type StreamEvent = { id: string | null; event: string; data: Record<string, unknown> }
export type EventStream = Awaited<ReturnType<typeof openEvents>>

/** Follows a stream of server-sent events as one actor. It is open when this returns. */
export async function openEvents(server: TestServer, path: string, actor: Actor, lastEventId?: string) {
  const closing = new AbortController()
  const response = await fetch(server.url + path, {
    headers: { authorization: `Bearer ${actor.token}`, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
    signal: closing.signal,
  })
  if (response.status !== 200) throw new Error(`the stream was answered ${response.status}: ${await response.text()}`)
  const events: StreamEvent[] = []
  let endedAt: number | null = null
  let raw = ''

  const reading = (async () => {
    const decoder = new TextDecoder()
    try {
      for await (const chunk of response.body!) {
        raw += decoder.decode(chunk, { stream: true })
        const blocks = raw.split('\n\n')
        raw = blocks.pop()!
        events.push(...blocks.flatMap(parseBlock))
      }
    } catch {
      // Cut by the server, or closed by us: either way it has ended.
    }
    endedAt = Date.now()
  })()

  return {
    events,
    headers: response.headers,
    endedAt: () => endedAt,
    /** The first event that is wanted, once it has come. */
    async wait(isWanted: (event: StreamEvent) => boolean): Promise<StreamEvent> {
      const found = await waitFor(
        async () => events.find(isWanted) ?? null,
        (event) => event !== null,
      )
      return found!
    },
    /** Until the server ends the stream. */
    async ended(limitMs?: number): Promise<number> {
      const at = await waitFor(
        async () => endedAt,
        (time) => time !== null,
        limitMs,
      )
      return at!
    },
    async close() {
      closing.abort()
      await reading
    },
  }
}

function parseBlock(block: string): StreamEvent[] {
  const fields = new Map(
    block
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const),
  )
  const data = fields.get('data')
  if (data === undefined) return []
  return [{ id: fields.get('id') ?? null, event: fields.get('event') ?? 'message', data: JSON.parse(data) as Record<string, unknown> }]
}
