import { FreeholdError, unexpectedResponse } from './freehold-error.ts'

/** The body as it comes, decoded. Closes the connection when the caller stops early. */
export async function* readText(response: Response): AsyncGenerator<string, void, undefined> {
  if (!response.body) throw unexpectedResponse(response, 'It has no body.')
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield decoder.decode(value, { stream: true })
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** JSON Lines, an object at a time. A connection that is lost midway rejects, so that a part is never taken for the whole. */
export async function* readJsonLines(response: Response, signal: AbortSignal | undefined): AsyncGenerator<unknown, void, undefined> {
  let rest = ''
  try {
    for await (const text of readText(response)) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.trim()) yield parseLine(response, line)
    }
  } catch (cause) {
    if (cause instanceof FreeholdError) throw cause
    if (signal?.aborted) throw signal.reason
    throw new FreeholdError({
      status: 0,
      code: 'network_failure',
      title: 'The connection was lost before the end',
      detail: 'What was received so far is not the whole. Try again.',
      cause,
    })
  }
  if (rest.trim()) yield parseLine(response, rest)
}

function parseLine(response: Response, line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw unexpectedResponse(response, 'A line of it is not JSON.', cause)
  }
}
