export type RequestOptions = { token?: string; body?: unknown; headers?: Record<string, string> }
export type Answer = { status: number; headers: Headers; text: string; json: Record<string, unknown>; list: Record<string, unknown>[] }

/** One HTTP request, as any client would send it. Of an event stream only the beginning is read. */
export async function request(baseUrl: string, method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { token, body, headers } = options
  const response = await fetch(baseUrl + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: toBody(body) }),
  })
  const type = response.headers.get('content-type') ?? ''
  const text = type.startsWith('text/event-stream') ? await readBeginning(response) : await response.text()
  const parsed: unknown = text !== '' && /\bjson\b/.test(type) ? JSON.parse(text) : null
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: (Array.isArray(parsed) ? {} : (parsed ?? {})) as Record<string, unknown>,
    list: (Array.isArray(parsed) ? parsed : []) as Record<string, unknown>[],
  }
}

/** A text or bytes as they are, anything else as JSON. */
function toBody(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body)
}

/** Throws, with what was answered, on any other status. */
export function expectStatus(answer: Answer, status: number, where = ''): void {
  if (answer.status !== status) throw new Error(`${where} expected ${status}, got ${answer.status}: ${answer.text}`.trimStart())
}

async function readBeginning(response: Response): Promise<string> {
  const reader = response.body!.getReader()
  const { value } = await reader.read()
  await reader.cancel()
  return new TextDecoder().decode(value)
}
