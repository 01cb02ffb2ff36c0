import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export type Received = { method: string; url: string; headers: IncomingHttpHeaders; body: string }
export type Handler = (request: Received, response: ServerResponse, count: number) => void

/** A real HTTP server on a free port, for tests: `handle` answers each request, `received` holds them all. */
export async function startScriptedServer(handle: Handler) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
      received.push(seen)
      handle(seen, response, received.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    received,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function answerJson(response: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

export function answerProblem(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
  more: object = {},
): void {
  const problem = {
    type: `/errors/${code}`,
    title: `Title of ${code}`,
    status,
    detail: `Detail of ${code}`,
    instance: '/',
    code,
    request_id: 'req-1',
    ...more,
  }
  response
    .writeHead(status, { 'content-type': 'application/problem+json', 'x-request-id': 'req-1', ...headers })
    .end(JSON.stringify(problem))
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}
