import { type AnyRoute, isMutation } from '@freehold/contract'
import { pathOf, type Sample } from './inputs.ts'
import { compileSchema } from './json-schema.ts'
import type { Answer } from './request.ts'
import type { TestServer } from './test-server.ts'

type Operation = { responses: Record<string, unknown> }
export type CheckedCalls = Awaited<ReturnType<typeof createCheckedCalls>>

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id'],
  properties: { status: { type: 'integer' }, detail: { type: 'string', minLength: 10 }, code: { type: 'string', pattern: '^[a-z_]+$' } },
}

/** Calls of any route, each held against the published contract: no 5xx, a declared status, a body that fits its schema. */
export async function createCheckedCalls(server: TestServer) {
  const openApi = (await server.call('GET', '/openapi.json')).json as { paths: Record<string, Record<string, Operation>> }

  function faultsOf(route: AnyRoute, answer: Answer): string[] {
    const { status, text, headers } = answer
    if (status >= 500) return [`answered ${status}: ${text}`]
    const operation = openApi.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()]
    const faults = operation?.responses[status] === undefined ? [`${status} is not declared: ${text}`] : []
    if (!headers.get('x-request-id')) faults.push('has no X-Request-Id')
    if (status < 400) return [...faults, ...successFaults(route, answer)]
    if (!headers.get('content-type')?.startsWith('application/problem+json')) faults.push(`is not a problem document: ${text}`)
    return [...faults, ...compileSchema(problem)(answer.json)]
  }

  /** Sends the request and throws on an answer that the contract does not allow. */
  async function send(route: AnyRoute, sample: Sample, change: Partial<Sample> & { dryRun?: boolean } = {}): Promise<Answer> {
    const { params, query, body, headers, token } = { ...sample, ...change }
    const isDry = change.dryRun === true && isMutation(route)
    const path = pathOf(route, { params, query: { ...query, ...(isDry && { dry_run: 'true' }) } })
    const answer = await server.call(route.method, path, {
      headers,
      ...(token !== undefined && { token }),
      ...(body !== undefined && !(isDry && route.takes) && { body }),
    })
    const faults = faultsOf(route, answer)
    if (faults.length > 0) throw new Error(`${route.method} ${path} ${JSON.stringify(body)} ${faults.join('; ')}`)
    return answer
  }

  return { send, faultsOf }
}

function successFaults(route: AnyRoute, { status, text }: Answer): string[] {
  if (status === 204 || status === 304) return text === '' ? [] : [`${status} with a body`]
  if (route.stream) return []
  return compileSchema(route.response)(JSON.parse(text)).map((fault) => `the answer does not fit its schema: ${fault}`)
}
