import { routes } from '@freehold/contract'
import { type OidcProvider, startOidcProvider } from '@freehold/testing'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCheckedCalls } from './support/checked-calls.ts'
import { createInputs } from './support/inputs.ts'
import { createCast, roles } from './support/roles.ts'
import { createTenant } from './support/tenant.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { fitStatus, makeActive } from './support/workspace-status.ts'

const goldenFile = new URL('role-routes.golden.txt', import.meta.url)

let provider: OidcProvider
let server: TestServer
beforeAll(async () => {
  provider = await startOidcProvider({ reusableCodes: true })
  server = await startTestServer({ oidc: provider.config })
})
afterAll(async () => {
  await server.close()
  await provider.close()
})

test('GF-02 AM-02 what every role is answered on every route is as reviewed (UPDATE_GOLDEN=1 rewrites the text)', async () => {
  const tenant = await createTenant(server)
  const cast = await createCast(server, tenant)
  const calls = await createCheckedCalls(server)
  const inputs = createInputs(server, tenant, { provider })

  const rows = [['', ...roles, 'anonymous']]
  for (const route of routes) {
    await fitStatus(server, tenant, route)
    const cells: string[] = []
    for (const role of roles) cells.push(String((await calls.send(route, await inputs.sample(route, cast[role]), { dryRun: true })).status))
    const { token: _, ...unsigned } = await inputs.sample(route, cast.stranger)
    cells.push(String((await calls.send(route, { ...unsigned, headers: {} }, { dryRun: true })).status))
    rows.push([route.operationId, ...cells])
    await makeActive(server, tenant)
  }

  const text = toTable(rows)
  if (process.env['UPDATE_GOLDEN'] || !existsSync(goldenFile)) writeFileSync(goldenFile, text)
  expect(text).toBe(readFileSync(goldenFile, 'utf8'))
}, 240_000)

function toTable(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}
