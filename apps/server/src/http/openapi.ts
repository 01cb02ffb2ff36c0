import { type AnyRoute, errorCatalogue, isMutation, scopeOf } from '@freehold/contract'
import { mayHaveNoBody } from './validate.ts'

type Json = Record<string, unknown>

/** The contract as an OpenAPI 3.1 document. Schemas are JSON Schema already, so they are copied as they are. */
export function toOpenApi(routes: readonly AnyRoute[], options: { version: string; url: string | null }): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: toOperation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Freehold',
      version: options.version,
      description: 'Workspace control plane: accounts, workspaces, environments, access and audit.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.url ?? '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A personal access token (`fhp_…`) or a workspace API key (`fhk_…`).' },
        session: { type: 'apiKey', in: 'cookie', name: 'freehold_session', description: "The portal's session." },
      },
      schemas: { Problem: problemSchema },
    },
  }
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What to do next' },
    instance: { type: 'string' },
    code: { type: 'string', enum: Object.keys(errorCatalogue) },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', required: ['pointer', 'message'], properties: { pointer: { type: 'string' }, message: { type: 'string' } } },
    },
  },
}

function toOperation(route: AnyRoute): Json {
  const isPublic = 'public' in route.guard
  const scope = scopeOf(route)
  const isOptional = 'public' in route.guard && route.guard.signedIn === 'optional'
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description && { description: route.description }),
    tags: [route.tag],
    security: [...(isOptional ? [{}] : []), ...(isPublic && !isOptional ? [] : [{ bearer: [] }, { session: [] }])],
    ...('permission' in route.guard && { 'x-permission': `${route.guard.permission} on ${route.guard.on}` }),
    ...(scope !== null && { 'x-scope': scope }),
    parameters: [
      ...parameters('path', route.params),
      ...parameters('query', route.query),
      ...(isMutation(route) ? [dryRun] : []),
      ...(route.method === 'POST' && isMutation(route) && !isPublic && !route.takes
        ? [header('Idempotency-Key', 'The same key and body within 24 h get the same answer')]
        : []),
      ...(isCacheable(route) ? [header('If-None-Match', 'ETag that you have')] : []),
      ...(route.etagOf ? [header('If-Match', 'ETag that the change is based on')] : []),
    ],
    ...(route.takes && {
      requestBody: { required: true, content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
    }),
    ...(route.body && { requestBody: { required: !mayHaveNoBody(route), content: { 'application/json': { schema: route.body } } } }),
    responses: responses(route),
  }
}

const dryRun = { name: 'dry_run', in: 'query', schema: { type: 'boolean' }, description: 'Checks everything and changes nothing' }

function header(name: string, description: string): Json {
  return { name, in: 'header', schema: { type: 'string' }, description }
}

function parameters(place: 'path' | 'query', schema: AnyRoute['params']): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
    ...(typeof property['description'] === 'string' && { description: property['description'] }),
  }))
}

const mediaTypes = { sse: 'text/event-stream', jsonl: 'application/jsonl', bytes: 'application/octet-stream', json: 'application/json' }

function responses(route: AnyRoute): Record<string, Json> {
  const type = mediaTypes[route.stream ?? 'json']
  const success: Json = { description: route.summary }
  if (route.status !== 204) success['content'] = { [type]: { schema: route.stream ? { type: 'string' } : route.response } }
  const answers: Record<string, Json> = { [route.status]: success }
  if (route.stream === 'bytes') answers[206] = { ...success, description: 'The part that `Range` asks for' }
  if (isCacheable(route) || route.stream === 'bytes') answers[304] = { description: 'It is as `If-None-Match` says' }
  for (const status of possibleFaults(route)) {
    answers[status] = {
      description: titleOf(status),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    }
  }
  return answers
}

function isCacheable(route: AnyRoute): boolean {
  return route.method === 'GET' && !route.list && !route.stream && !route.volatile
}

function titleOf(status: number): string {
  return Object.values(errorCatalogue)
    .filter((entry) => entry.status === status)
    .map((entry) => entry.title)
    .join(', or ')
}

function possibleFaults(route: AnyRoute): number[] {
  const faults = [400, 500, 503]
  const mutates = isMutation(route)
  if (!('public' in route.guard)) faults.push(401)
  if ('permission' in route.guard) faults.push(403, 404)
  if ('self' in route.guard) faults.push(403, ...(route.params ? [404] : []))
  if (mutates) faults.push(402, 409, 413, 415, 422, 423)
  if (route.reads) faults.push(413, 415)
  if ('on' in route.guard && route.guard.on === 'workspace' && !route.whenArchived) faults.push(423)
  if ('public' in route.guard && mutates) faults.push(401, 429)
  if (route.operationId === 'changePassword') faults.push(429)
  if (route.stream === 'bytes') faults.push(416)
  faults.push(...(route.faults ?? []))
  if (route.etagOf) faults.push(412)
  return [...new Set(faults)].toSorted((left, right) => left - right)
}
