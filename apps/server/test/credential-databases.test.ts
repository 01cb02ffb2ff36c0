import { type EmbeddedPostgres, startEmbeddedPostgres } from '@freehold/db'
import { type MariadbServer, startMariadb } from '@freehold/testing'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestWorkspace } from './support/actors.ts'
import { expectStatus } from './support/request.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

const password = 'canary-of-a-mysql-password'
let server: TestServer
let workspace: TestWorkspace
let postgres: EmbeddedPostgres
let mariadb: MariadbServer
let encrypting: Server
let folder: string
let certificate: string
let postgresUrl: URL

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'freehold-databases-'))
  chmodSync(folder, 0o755)
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert, ...names], {
    stdio: 'ignore',
  })
  chmodSync(key, 0o644)
  certificate = readFileSync(cert, 'utf8')
  server = await startTestServer({ egressAllow: ['127.0.0.0/8'] })
  workspace = await server.workspace()
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable: false })
  postgresUrl = new URL(postgres.url)
  encrypting = await encrypt(Number(postgresUrl.port), { cert: certificate, key: readFileSync(key, 'utf8') })
  mariadb = await startMariadb({ user: 'app', password, database: 'app', tls: { cert, key } })
}, 120_000)
afterAll(async () => {
  encrypting.close()
  await mariadb.stop()
  await postgres.stop()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

let count = 0
/** What a check of a new credential finds. */
async function checkOf(
  type: string,
  fields: Record<string, unknown>,
  secret: string,
): Promise<{ ok: boolean; message: string; hint: string | null }> {
  const call = server.as(workspace.owner)
  const path = `/v1/workspaces/${workspace.id}/credentials`
  const made = await call('POST', path, { type, name: `${type} ${count++}`, fields, secrets: { password: secret } })
  expectStatus(made, 201)
  const checked = await call('POST', `${path}/${made.json['id'] as string}/check`)
  expectStatus(checked, 200)
  expect(checked.text).not.toContain(secret)
  return checked.json as { ok: boolean; message: string; hint: string | null }
}

test('PR-04 a check signs in to a real PostgreSQL, and tells password, database and TLS apart', async () => {
  const right = decodeURIComponent(postgresUrl.password)
  const plain = { host: '127.0.0.1', port: Number(postgresUrl.port), database: 'freehold', user: 'freehold_owner', tls: 'off' }
  expect(await checkOf('postgresql', plain, right)).toMatchObject({
    ok: true,
    message: 'Signed in to PostgreSQL 18.',
    hint: expect.stringMatching(/not encrypted/) as unknown,
  })
  expect(await checkOf('postgresql', { ...plain, tls: 'prefer' }, right)).toMatchObject({ ok: true })
  expect((await checkOf('postgresql', plain, 'wrong-password')).message).toMatch(/refused the password of freehold_owner/)
  expect((await checkOf('postgresql', { ...plain, database: 'nowhere' }, right)).message).toMatch(/no database nowhere/)
  expect((await checkOf('postgresql', { ...plain, tls: 'require' }, right)).message).toMatch(/offers no TLS/)

  const port = (encrypting.address() as AddressInfo).port
  const encrypted = { ...plain, host: 'localhost', port, tls: 'require' }
  expect((await checkOf('postgresql', encrypted, right)).message).toMatch(/not signed by an authority/)
  expect(await checkOf('postgresql', { ...encrypted, ca_certificate: certificate }, right)).toMatchObject({ ok: true, hint: null })
  expect(await checkOf('postgresql', { ...encrypted, tls: 'prefer' }, right)).toMatchObject({ ok: true, hint: null })
  // The same server by another name than its certificate's.
  expect((await checkOf('postgresql', { ...encrypted, host: '127.0.0.1', ca_certificate: certificate }, right)).message).toMatch(
    /certificate is not for 127/,
  )
})

test('PR-04 a check signs in to a real MariaDB, and tells password, database and TLS apart', async () => {
  const plain = { host: '127.0.0.1', port: mariadb.port, database: 'app', user: 'app', tls: 'off' }
  expect(await checkOf('mysql', plain, password)).toMatchObject({ ok: true, message: 'Signed in to MySQL.' })
  expect((await checkOf('mysql', plain, 'wrong-password')).message).toMatch(/refused the password of app/)
  expect((await checkOf('mysql', { ...plain, database: 'nowhere' }, password)).message).toMatch(/nowhere/)

  const encrypted = { ...plain, host: 'localhost', tls: 'require' }
  expect((await checkOf('mysql', encrypted, password)).message).toMatch(/not signed by an authority/)
  expect(await checkOf('mysql', { ...encrypted, ca_certificate: certificate }, password)).toMatchObject({ ok: true, hint: null })
  expect(await checkOf('mysql', { ...encrypted, tls: 'prefer' }, password)).toMatchObject({ ok: true, hint: null })
  expect((await checkOf('mysql', { ...plain, tls: 'require' }, password)).message).toMatch(/bare address/)
})

test('PR-04 what speaks another protocol, or nothing, is no database', async () => {
  const silent = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const fields = { host: '127.0.0.1', port: (silent.address() as AddressInfo).port, database: 'a', user: 'a', tls: 'off' }
  for (const type of ['postgresql', 'mysql']) expect(await checkOf(type, fields, password)).toMatchObject({ ok: false })
  await new Promise((resolve) => silent.close(resolve))
  for (const type of ['postgresql', 'mysql']) expect((await checkOf(type, fields, password)).message).toMatch(/refused the connection/)
})

/** In front of a PostgreSQL without TLS: takes the client's wish for it, and hands on what comes in clear. */
async function encrypt(port: number, options: { cert: string; key: string }): Promise<Server> {
  const proxy = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write('S')
      const inner = new TLSSocket(socket, { isServer: true, ...options })
      const outer = connect(port, '127.0.0.1')
      inner.on('error', () => outer.destroy())
      outer.on('error', () => inner.destroy())
      inner.pipe(outer).pipe(inner)
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return proxy
}
