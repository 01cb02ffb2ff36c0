import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { newId } from '@freehold/kit'
import { firstPrevHash, hashEvent } from '@freehold/kit/audit-chain'

export const goodToken = 'fhp_good'
const at = '2030-01-01T00:00:00.000Z'

type Seen = { method: string; path: string; query: URLSearchParams; body: Record<string, unknown>; headers: IncomingMessage['headers'] }
type Workspace = { id: string; account_id: string; name: string; slug: string; status: string; provisioning_run_id: string } & Record<
  string,
  unknown
>

/** A small Freehold over real HTTP that speaks the conventions of the API, for tests of the command line. */
export async function startFakeFreehold() {
  const account = { id: newId(), name: 'Acme', slug: 'acme', created_at: at, updated_at: at, permissions: ['read', 'administer'] }
  const state = {
    accounts: [account],
    regions: [{ id: 'local', name: 'Local' }],
    workspaces: [] as Workspace[],
    keys: [] as (Record<string, unknown> & { id: string; name: string })[],
    failRuns: false,
    seen: [] as Seen[],
  }

  const run = (workspace: Workspace, phase: 'running' | 'ended') => {
    const failed = phase === 'ended' && state.failRuns
    const step = (name: string, status: string, error: string | null = null) => ({
      name,
      status,
      attempts: status === 'failed' ? 3 : 1,
      started_at: at,
      finished_at: at,
      error,
    })
    return {
      id: workspace.provisioning_run_id,
      workspace_id: workspace.id,
      kind: 'workspace.provision',
      status: phase === 'running' ? 'running' : failed ? 'failed' : 'succeeded',
      steps: [
        step('reserve', 'succeeded'),
        step('open_data_plane', phase === 'running' ? 'running' : failed ? 'failed' : 'succeeded', failed ? 'no space' : null),
      ],
      stalled: false,
      error: failed ? 'no space' : null,
      created_at: at,
      finished_at: phase === 'running' ? null : at,
    }
  }

  const answer = (seen: Seen, response: ServerResponse) => {
    const { method, path, query, body } = seen
    const json = (status: number, value: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req-1', ...headers })
      response.end(status === 204 ? undefined : JSON.stringify(value))
    }
    const problem = (status: number, code: string, more: object = {}) =>
      json(
        status,
        { type: 'about:blank', title: `Title of ${code}`, status, detail: 'What to do next', code, request_id: 'req-1', ...more },
        { 'retry-after': '0' },
      )
    const dryRun = query.get('dry_run') === 'true'

    if (seen.headers.authorization !== `Bearer ${goodToken}`) return problem(401, 'unauthenticated')
    if (path === '/v1/me') {
      const credential = { id: newId(), kind: 'personal_token', expires_at: null }
      return json(200, {
        kind: 'user',
        id: newId(),
        label: 'Operator',
        email: null,
        operator: true,
        role: null,
        scopes: [],
        workspace_id: null,
        credential,
        expires_at: null,
      })
    }
    if (path === '/v1/regions') return json(200, state.regions)
    if (path === '/v1/accounts') return json(200, state.accounts)
    if (path === '/v1/workspaces' && method === 'POST') {
      const { name } = body
      if (name === 'taken') return problem(409, 'slug_taken')
      if (name === 'limited') return problem(402, 'limit_reached', { limit: 'workspaces', allowed: 3, used: 3 })
      if (name === 'bad') return problem(400, 'invalid_request', { errors: [{ pointer: '/body/slug', message: 'does not fit' }] })
      if (name === 'forbidden') return problem(403, 'forbidden', { permission: 'administer' })
      if (name === 'broken') return problem(500, 'internal')
      if (dryRun) return json(200, { would: 'create', name })
      const slug = typeof body.slug === 'string' ? body.slug : String(name).toLowerCase().replaceAll(' ', '-')
      const workspace = {
        ...body,
        id: newId(),
        account_id: String(body.account_id),
        name: String(name),
        slug,
        status: 'provisioning',
        provisioning_run_id: newId(),
      }
      state.workspaces.push({
        tenancy_model: 'shared',
        description: '',
        settings: {},
        status_reason: null,
        created_at: at,
        updated_at: at,
        permissions: ['read'],
        ...workspace,
      })
      return json(202, { workspace_id: workspace.id, provisioning_run_id: workspace.provisioning_run_id })
    }
    if (path === '/v1/workspaces') {
      const found = state.workspaces.filter((it) => it.slug.includes(query.get('q') ?? ''))
      const from = Number(query.get('cursor') ?? 0)
      const to = from + Number(query.get('limit') ?? 100)
      query.set('cursor', String(to))
      return json(200, found.slice(from, to), to < found.length ? { link: `<${path}?${query.toString()}>; rel="next"` } : {})
    }
    const workspace = state.workspaces.find((it) => path.includes(it.id) || path.includes(it.provisioning_run_id))
    if (!workspace) return problem(404, 'not_found')
    if (path.endsWith('/events') && path.includes('provisioning-runs')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const phase of ['running', 'ended'] as const) response.write(`event: run\ndata: ${JSON.stringify(run(workspace, phase))}\n\n`)
      return response.end()
    }
    if (path.includes('provisioning-runs')) return json(200, run(workspace, 'ended'))
    if (path.endsWith('/status')) return json(200, Object.assign(workspace, dryRun ? {} : { status: body.status }))
    if (path.endsWith('/api-keys') && method === 'POST') {
      if (workspace.status === 'frozen') return problem(423, 'workspace_frozen')
      const key = {
        id: newId(),
        name: String(body.name),
        description: '',
        role: body.role ?? 'edit',
        scopes: [],
        prefix: 'fhk_x',
        created_at: at,
        created_by: null,
        last_used_at: null,
        expires_at: null,
      }
      if (!dryRun) state.keys.push(key)
      return json(201, { ...key, key: 'fhk_secret' })
    }
    if (path.endsWith('/api-keys')) return json(200, state.keys)
    if (path.includes('/api-keys/')) return json(204, undefined)
    if (path.endsWith('/audit/export')) {
      response.writeHead(200, { 'content-type': 'application/jsonl' })
      return response.end(sealedLines(3).join(''))
    }
    return json(200, method === 'PATCH' ? Object.assign(workspace, body) : workspace)
  }

  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
      const seen = {
        method: request.method ?? '',
        path: pathname,
        query: searchParams,
        body: body ? JSON.parse(body) : {},
        headers: request.headers,
      }
      state.seen.push(seen)
      answer(seen, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An audit export of so many events. */
export function sealedLines(count: number): string[] {
  let prevHash = firstPrevHash
  return Array.from({ length: count }, (_, index) => {
    const actor = { kind: 'user', id: newId(), label: 'Ünal \u0007 "O"' }
    const event = {
      id: newId(),
      at,
      actor,
      action: 'workspace.update',
      before: { quota: 1e21, rate: 0.1 },
      after: null,
      seq: index + 1,
      prev_hash: prevHash,
    }
    prevHash = hashEvent(event)
    return `${JSON.stringify({ ...event, hash: prevHash })}\n`
  })
}
