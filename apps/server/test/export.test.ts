import { contract, type OperationId, routes } from '@freehold/contract'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportParts } from '../src/export-parts.ts'
import type { Actor } from './support/actors.ts'
import { expectStatus } from './support/request.ts'
import { addSealedEvents } from './support/sealed-rows.ts'
import { createTenant, type Tenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { unzip } from './support/unzip.ts'

let server: TestServer
let tenant: Tenant
let viewer: Actor

beforeAll(async () => {
  server = await startTestServer()
  tenant = await createTenant(server)
  viewer = await server.member(tenant.workspace.id, 'view')
  await server.tenantKey(tenant.workspace, '=cmd|calc, "quoted"')
  await server.agentSession(tenant.workspace)
})
afterAll(() => server.close())

type Line = { resource: string; data?: Record<string, unknown>; rows?: Record<string, number> } & Record<string, unknown>

const pathOf = (id: string, format?: string) => `/v1/workspaces/${id}/export${format === undefined ? '' : `?format=${format}`}`
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
const download = (actor: Actor, path: string) => fetch(server.url + path, { headers: { authorization: `Bearer ${actor.token}` } })

/** Lists of a workspace that no export holds, each with its reason. */
const notExported: Partial<Record<OperationId, string>> = {
  listFolder: 'files and the folders in their names',
  listFileVersions: 'bytes that are kept for 30 days, and are no part of this export',
  listSecretVersions: 'values that are no more',
}

test('GF-12 every list of a workspace is in its export', () => {
  const names = new Set(exportParts.map(({ name }) => name))
  const missing = routes.filter(({ list, path, operationId }) => {
    if (!list || !path.startsWith('/v1/workspaces/:workspace_id/') || operationId in notExported) return false
    const words = path.split('/').slice(4)
    const inside = words.filter((word) => !word.startsWith(':')).map((word) => word.replaceAll('-', '_'))
    return ![inside.join('_'), `${inside[0]}_${inside.at(-1)}`].some((name) => names.has(name))
  })
  expect(missing.map(({ operationId }) => operationId)).toEqual([])
  expect(names.size).toBe(exportParts.length)
})

/** Tables of a workspace whose rows are in no part of their own, each with its reason. */
const withoutPart: Record<string, string> = {
  'hub.api_key_notice': 'ids and times: when the sweep of ending keys has to look',
  'hub.audit_event': 'in audit',
  'hub.credential': 'in api_keys',
  'hub.credential_use': 'in api_keys',
  'hub.member_activity': 'in members',
  'hub.saga_run': 'how the workspace was provisioned; what came of it is in audit',
  'hub.saga_step': 'how the workspace was provisioned; what came of it is in audit',
  'hub.workspace_key': 'a wrapped key',
  'hub.workspace_limit': 'in limits',
  'hub.workspace_profile': 'in token_settings',
  'hub.workspace_secret': 'a secret',
  'instance.credential_value': 'sealed values',
  'instance.file_cleanup': 'ids and times: when the sweep of bytes has to look',
  'instance.file_upload': 'uploads that are no files yet',
  'instance.file_usage': 'sums over files',
  'instance.file_version': 'bytes that are kept for 30 days, and are no part of this export',
  'instance.secret_reminder': 'ids and times: when the sweep of rotations has to look',
  'instance.secret_version': 'sealed values',
  'instance.vault_count': 'in vault_collections',
  'instance.vault_index_entry': 'made from vault_records',
  'instance.vault_task': 'ids: what is still to be done in the background',
  'instance.workspace': 'a copy of what workspace holds',
}

test('GF-12 every table of a workspace is in its export, or left out for a reason', async () => {
  const { rows } = await server.superuser.query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.columns
     where table_schema in ('hub', 'instance') and column_name = 'workspace_id' order by 1`,
  )
  const tables = rows.map(({ name }) => name)
  const names = exportParts.map(({ name }) => name)
  const hasPart = (table: string) => names.includes(`${table.split('.')[1]!}s`)
  expect(tables.filter((table) => !hasPart(table) && !(table in withoutPart))).toEqual([])
  expect(Object.keys(withoutPart).filter((table) => !tables.includes(table))).toEqual([])
})

test('GF-12 JSON Lines: a header, each row as its own list shows it, and a footer that counts them', async () => {
  const answer = await server.as(tenant.owner)('GET', pathOf(tenant.workspace.id))
  expectStatus(answer, 200)
  expect(answer.headers.get('content-type')).toBe('application/jsonl; charset=utf-8')
  expect(answer.headers.get('content-disposition')).toMatch(new RegExp(`^attachment; filename="${tenant.workspace.slug}-.*\\.jsonl"$`))
  const lines = linesOf(answer.text)
  const [header, footer] = [lines[0]!, lines.at(-1)!]
  expect(header).toMatchObject({ resource: 'export', version: 1, workspace_id: tenant.workspace.id, withheld: [] })
  expect(header['parts']).toEqual(exportParts.map(({ name }) => name))
  const rows = lines.slice(1, -1)
  expect(footer).toEqual({
    resource: 'footer',
    rows: Object.fromEntries(exportParts.map(({ name }) => [name, rows.filter(({ resource }) => resource === name).length])),
  })
  for (const [part, list] of [
    ['environments', 'environments'],
    ['members', 'members'],
    ['grants', 'grants'],
    ['api_keys', 'api-keys'],
    ['tenants', 'tenants'],
    ['sessions', 'sessions'],
  ] as const) {
    const listed = await server.as(tenant.owner)('GET', `/v1/workspaces/${tenant.workspace.id}/${list}?limit=1000`)
    expect(
      rows.filter(({ resource }) => resource === part).map(({ data }) => data),
      part,
    ).toEqual(listed.list)
  }
  expect(rows.find(({ resource }) => resource === 'workspace')?.data).toMatchObject({ slug: tenant.workspace.slug })
  expect(rows.some(({ resource }) => resource === 'sessions')).toBe(true)
  for (const part of exportParts) {
    for (const { data } of rows.filter(({ resource }) => resource === part.name))
      expect(Object.keys(data!).toSorted(), part.name).toEqual([...part.columns].toSorted())
  }
})

test('GF-12 the audit in an export is the chain as its own export has it, so that it can be verified offline', async () => {
  const exported = linesOf((await server.as(viewer)('GET', pathOf(tenant.workspace.id))).text)
  const events = exported.filter(({ resource }) => resource === 'audit').map(({ data }) => data)
  const chain = linesOf((await server.as(viewer)('GET', `/v1/workspaces/${tenant.workspace.id}/audit/export`)).text)
  expect(events.length).toBeGreaterThan(3)
  expect(chain.slice(0, events.length)).toEqual(events)
})

test('GF-12 what the caller may not read is left out, and the header says so', async () => {
  const header = linesOf((await server.as(viewer)('GET', pathOf(tenant.workspace.id))).text)[0]!
  expect(header['withheld']).toEqual(['grants', 'invitations', 'api_keys'].map((part) => ({ part, permission: 'manage_members' })))
  expect(header['parts']).not.toContain('api_keys')
  const text = (await server.as(viewer)('GET', pathOf(tenant.workspace.id))).text
  expect(text).not.toContain('"resource":"api_keys"')
})

/** Parts that the export itself adds to: its event, and when its reader was last active. */
const moving = ['audit', 'members']

test('GF-12 one JSON document holds the same', async () => {
  const lines = linesOf((await server.as(viewer)('GET', pathOf(tenant.workspace.id))).text)
  const answer = await server.as(viewer)('GET', pathOf(tenant.workspace.id, 'json'))
  const { data, rows } = answer.json as { data: Record<string, unknown[]>; rows: Record<string, number> }
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(Object.fromEntries(Object.entries(data).map(([name, items]) => [name, items.length]))).toEqual(rows)
  for (const name of Object.keys(data).filter((part) => !moving.includes(part)))
    expect(data[name], name).toEqual(lines.filter(({ resource }) => resource === name).map((line) => line.data))
})

test('GF-12 a zip of CSV files holds the same, and no cell begins a formula', async () => {
  const lines = linesOf((await server.as(tenant.owner)('GET', pathOf(tenant.workspace.id))).text)
  const answer = await download(tenant.owner, pathOf(tenant.workspace.id, 'csv'))
  expect(answer.headers.get('content-type')).toBe('application/zip')
  const files = unzip(Buffer.from(await answer.arrayBuffer()))
  expect(Object.keys(files)).toEqual([...exportParts.map(({ name }) => `${name}.csv`), 'export.json'])
  const { rows } = JSON.parse(files['export.json']!) as { rows: Record<string, number> }
  for (const { name, columns } of exportParts) {
    const table = parse<Record<string, string>>(files[`${name}.csv`]!, { columns: true })
    expect(table).toHaveLength(rows[name]!)
    expect(files[`${name}.csv`]!.split('\r\n')[0]).toBe(columns.join(','))
    if (name === 'audit') continue
    expect(table.map((row) => row['id'] ?? row['name'] ?? row['key'])).toEqual(
      lines.filter(({ resource }) => resource === name).map(({ data }) => data!['id'] ?? data!['name'] ?? data!['key'] ?? undefined),
    )
  }
  const [named] = parse<Record<string, string>>(files['tenants.csv']!, { columns: true })
  expect(named!['name']).toBe(`'=cmd|calc, "quoted"`)
  for (const text of Object.values(files)) expect(text).not.toMatch(/(?:^|,|\n)"?[=+@]/)
})

test('GF-12 the format is the one asked for, else that of the settings, else JSON Lines', async () => {
  const workspace = await server.workspace({ id: tenant.accountId, owner: tenant.owner })
  const typeOf = async (format?: string) => (await download(tenant.owner, pathOf(workspace.id, format))).headers.get('content-type')
  expect(await typeOf()).toMatch(/jsonl/)
  const change = (settings: unknown) => server.as(tenant.owner)('PATCH', `/v1/workspaces/${workspace.id}`, { settings })
  expectStatus(await change({ export_format: 'csv', theirs: { own: 1 } }), 200)
  expect(await typeOf()).toBe('application/zip')
  expect(await typeOf('json')).toMatch(/^application\/json/)
  expectStatus(await change({ export_format: 'xml' }), 400)
  expectStatus(await server.as(tenant.owner)('GET', pathOf(workspace.id, 'xml')), 400)
})

test('GF-12 each export leaves an event that names what it held', async () => {
  const path = `/v1/workspaces/${tenant.workspace.id}`
  await server.as(viewer)('GET', pathOf(tenant.workspace.id, 'json'))
  const events = await server.as(tenant.owner)('GET', `${path}/audit?action=workspace.export&actor=${viewer.id}&limit=1`)
  expect(events.list[0]).toMatchObject({
    resource: { kind: 'workspace', id: tenant.workspace.id },
    after: { format: 'json', withheld: ['grants', 'invitations', 'api_keys'] },
  })
})

test('GF-10 MB-07 a frozen and an archived workspace are exported all the same', async () => {
  const workspace = await server.workspace({ id: tenant.accountId, owner: tenant.owner })
  const call = server.as(tenant.owner)
  const isWhole = async () => linesOf((await call('GET', pathOf(workspace.id))).text).at(-1)!.resource === 'footer'
  expectStatus(await call('PATCH', `/v1/workspaces/${workspace.id}/status`, { status: 'frozen' }), 200)
  expect(await isWhole()).toBe(true)
  expectStatus(await call('POST', `/v1/workspaces/${workspace.id}/archive`), 200)
  expect(await isWhole()).toBe(true)
})

const manyEvents = 200_000
let big: Promise<{ id: string }> | undefined
function bigWorkspace(): Promise<{ id: string }> {
  big ??= server.workspace({ id: tenant.accountId, owner: tenant.owner }).then(async (workspace) => {
    await addSealedEvents(server.superuser, workspace.id, manyEvents)
    return workspace
  })
  return big
}

test('GF-12 200,000 events are exported with flat memory, each once and in order', { timeout: 240_000 }, async () => {
  const { id } = await bigWorkspace()
  for (const format of ['jsonl', 'csv'] as const) {
    const before = process.memoryUsage.rss()
    let [most, bytes] = [0, 0]
    let tail = Buffer.alloc(0)
    const answer = await download(tenant.owner, pathOf(id, format))
    for await (const chunk of answer.body!) {
      bytes += chunk.length
      tail = Buffer.concat([tail.subarray(-200), chunk])
      most = Math.max(most, process.memoryUsage.rss())
    }
    // Client and server are one process here; the export is 160 MB of JSON.
    expect((most - before) / 2 ** 20, format).toBeLessThan(format === 'jsonl' ? 150 : 200)
    if (format === 'jsonl') {
      expect(bytes).toBeGreaterThan(100 * 2 ** 20)
      const { rows } = JSON.parse(tail.toString().trimEnd().split('\n').at(-1)!) as { rows: { audit: number } }
      expect(rows.audit).toBeGreaterThanOrEqual(manyEvents)
    }
  }
})

test('an export is cut within 5 s when its reader loses access, and has no footer then', async () => {
  const { id } = await bigWorkspace()
  const reader = await server.member(id, 'view')
  const answer = await download(reader, pathOf(id))
  const body = answer.body!.getReader()
  await body.read()
  await server.unrelate(`workspace:${id}`, 'view', `user:${reader.id}`)
  const lost = Date.now()
  await expect(
    (async () => {
      for (;;) if ((await body.read()).done) return 'whole'
    })(),
  ).rejects.toThrow('terminated')
  expect(Date.now() - lost).toBeLessThan(5000)
})

test('the list of lists is one of the contract', () => {
  for (const operationId of Object.keys(notExported)) expect(contract).toHaveProperty(operationId)
})
