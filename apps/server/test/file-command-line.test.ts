import { execFile, spawn } from 'node:child_process'
import { hash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'
import { waitFor } from './support/wait-for.ts'

const run = promisify(execFile)
const main = new URL('../../cli/src/main.ts', import.meta.url).pathname

let server: TestServer
let workspace: TestWorkspace
let home: string
beforeAll(async () => {
  server = await startTestServer()
  workspace = await server.workspace()
  home = mkdtempSync(join(tmpdir(), 'freehold-cli-'))
})
afterAll(async () => {
  rmSync(home, { recursive: true })
  await server.close()
})

const env = () => ({ PATH: process.env['PATH'], HOME: home, FREEHOLD_URL: server.url, FREEHOLD_TOKEN: workspace.owner.token })
const freehold = async (...words: string[]) => run(process.execPath, [main, 'file', ...words], { env: env(), cwd: home })

test('GF-19 a file goes up, is listed, renamed, replaced, restored, comes down the same, and is deleted', async () => {
  writeFileSync(join(home, 'report.txt'), 'first')
  await freehold('upload', workspace.slug, 'report.txt', '--name', 'reports/a.txt', '--type', 'text/plain')
  writeFileSync(join(home, 'report.txt'), 'second')
  await freehold('upload', workspace.slug, 'report.txt', '--name', 'reports/a.txt', '--type', 'text/plain')
  expect((await freehold('list', workspace.slug)).stdout).toContain('reports/')
  expect((await freehold('list', workspace.slug, 'reports')).stdout).toContain('text/plain')
  expect((await freehold('versions', workspace.slug, 'reports/a.txt')).stdout).toContain('2 (current)')
  await freehold('restore', workspace.slug, 'reports/a.txt', '1')
  await freehold('rename', workspace.slug, 'reports/a.txt', 'b.txt')
  expect((await freehold('download', workspace.slug, 'b.txt')).stdout.trim()).toBe('b.txt')
  expect(readFileSync(join(home, 'b.txt'), 'utf8')).toBe('first')
  await expect(freehold('download', workspace.slug, 'b.txt')).rejects.toMatchObject({ code: 6 })
  const { stdout: url } = await freehold('url', workspace.slug, 'b.txt', '--seconds', '60')
  expect(await (await fetch(url.trim())).text()).toBe('first')
  await freehold('delete', workspace.slug, 'b.txt')
  await expect(freehold('get', workspace.slug, 'b.txt')).rejects.toMatchObject({ code: 5 })
  expect(readdirSync(home).filter((name) => name.endsWith('.part'))).toEqual([])
})

test('GF-19 a big upload that was interrupted goes on where it was', async () => {
  const bytes = randomBytes(100 * 1024 * 1024)
  writeFileSync(join(home, 'big.bin'), bytes)
  const words = [main, 'file', 'upload', workspace.slug, 'big.bin']
  const first = spawn(process.execPath, words, { env: env(), cwd: home, stdio: 'ignore' })
  const parts = join(server.config.dataDir, 'objects', 'parts')
  await waitFor(
    async () => server.superuser.query("select from hub.audit_event where action = 'file.upload_append'"),
    ({ rowCount }) => rowCount! > 0,
  )
  first.kill('SIGKILL')
  await once(first, 'exit')
  expect(readdirSync(parts)).toHaveLength(1)
  const second = await freehold('upload', workspace.slug, 'big.bin')
  expect(second.stderr).toMatch(/Going on at [1-9]\d* %/)
  expect(second.stdout).toContain(hash('sha256', bytes, 'hex'))
}, 120_000)
