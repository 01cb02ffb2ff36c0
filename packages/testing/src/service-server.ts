import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ServiceServer = {
  url: string
  /** What was asked, newest last: `GET /user`. */
  asked: string[]
  /** From now on everything is answered so; null for the usual. */
  answerAll(answer: { status: number; headers?: Record<string, string>; body?: string } | null): void
  close(): Promise<void>
}

/**
 * On loopback, the endpoints of the services that tell whether a secret is good, as these answer them: model providers, GitHub,
 * GitLab, Jira, Slack, S3 and plain HTTP. `secret` is the one that is good everywhere.
 */
export async function startServiceServer(secret: string): Promise<ServiceServer> {
  const asked: string[] = []
  let all: { status: number; headers?: Record<string, string>; body?: string } | null = null
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    asked.push(`${request.method} ${pathname}`)
    if (all) return void response.writeHead(all.status, all.headers).end(all.body ?? '')
    const endpoint = endpoints[`${request.method} ${pathname}`] ?? endpoints[`${request.method} ${pathname.replace(/\/$/, '')}`]
    if (endpoint) endpoint(request, response, secret)
    else json(response, 404, { message: 'Not Found' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answerAll(answer) {
      all = answer
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

type Endpoint = (request: IncomingMessage, response: ServerResponse, secret: string) => void

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Answers `good` where the header is right, else 401 with a body that repeats what was sent: nobody shall pass it on. */
const guarded =
  (header: string, expected: (secret: string) => string, good: unknown): Endpoint =>
  (request, response, secret) => {
    const sent = request.headers[header]
    if (sent === expected(secret)) json(response, 200, good)
    else json(response, 401, { error: { message: `Incorrect credential provided: ${String(sent)}` } })
  }

const bearer = (secret: string) => `Bearer ${secret}`
const plain = (secret: string) => secret
const basic = (user: string) => (secret: string) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`

const slack: Endpoint = (request, response, secret) =>
  json(response, 200, request.headers.authorization === bearer(secret) ? { ok: true, team: 'T1' } : { ok: false, error: 'invalid_auth' })

const google: Endpoint = (request, response, secret) =>
  request.headers['x-goog-api-key'] === secret
    ? json(response, 200, { models: [] })
    : json(response, 400, { error: { code: 400, status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] } })

// Whether the signature is right only who holds the secret can say; the key id tells the cases apart.
const bucket: Endpoint = (request, response) => {
  const xml = (status: number, body: string) =>
    response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${body}`)
  const fault = (status: number, code: string) => xml(status, `<Error><Code>${code}</Code><Message>of the store</Message></Error>`)
  const keyId = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1]
  if (keyId === 'AKIAGOOD') xml(200, '<ListBucketResult><Name>backups</Name><KeyCount>0</KeyCount></ListBucketResult>')
  else if (keyId === 'AKIAWRONG') fault(403, 'SignatureDoesNotMatch')
  else if (keyId === 'AKIADENIED') fault(403, 'AccessDenied')
  else fault(403, 'InvalidAccessKeyId')
}

const endpoints: Record<string, Endpoint> = {
  'GET /anthropic/v1/models': guarded('x-api-key', plain, { data: [] }),
  'GET /openai/v1/models': guarded('authorization', bearer, { data: [] }),
  'GET /google/v1beta/models': google,
  'GET /github/user': guarded('authorization', bearer, { login: 'octocat' }),
  'GET /gitlab/api/v4/user': guarded('private-token', plain, { username: 'kim' }),
  'GET /jira/rest/api/2/myself': guarded('authorization', basic('kim@example.com'), { accountId: '1' }),
  'GET /jira-server/rest/api/2/myself': guarded('authorization', bearer, { name: 'kim' }),
  'POST /slack/api/auth.test': slack,
  'GET /basic/': guarded('authorization', basic('kim'), {}),
  'GET /bearer/health': guarded('authorization', bearer, {}),
  'GET /s3/backups': bucket,
  'GET /s3/nowhere': (_request, response) => response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>'),
}
