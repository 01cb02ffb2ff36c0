import { cloneTemplate } from '@freehold/testing'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Logger, pino } from 'pino'
import type { Config } from '../../src/config.ts'
import { startServer } from '../../src/server.ts'
import { type Actor, createActors } from './actors.ts'
import { type Answer, request, type RequestOptions } from './request.ts'

export type TestServer = Awaited<ReturnType<typeof startTestServer>>

/**
 * A whole server on a database and a data directory of its own, and what tests need around it; or, given another server,
 * a second one `beside` it on the same database.
 */
export async function startTestServer(
  overrides: Partial<Config> = {},
  beside?: { config: Config; superuserUrl: string },
  logger: Logger = pino({ level: process.env['FREEHOLD_LOG_LEVEL'] ?? 'silent' }),
) {
  const { url: databaseUrl, superuserUrl } = beside
    ? { url: beside.config.databaseUrl, superuserUrl: beside.superuserUrl }
    : await cloneTemplate()
  const dataDir = beside?.config.dataDir ?? mkdtempSync(join(tmpdir(), 'freehold-test-'))
  const config: Config = {
    port: 0,
    host: '127.0.0.1',
    dataDir,
    databaseUrl,
    appDatabaseUrl: null,
    publicUrl: null,
    rootKey: null,
    region: 'local',
    oidc: null,
    mail: null,
    egressAllow: [],
    spicedb: null,
    maxFileBytes: 50 * 1024 ** 3,
    s3: null,
    logLevel: 'silent',
    demo: false,
    version: '0.0.0-test',
    ...overrides,
  }
  const failures: string[] = []
  const server = await startServer(config, { logger, onProgress: () => undefined, onFatal: (why) => failures.push(why) })
  const superuser = new pg.Client({ connectionString: superuserUrl })
  await superuser.connect()

  const operator: Actor = { id: '', token: readFileSync(join(dataDir, 'operator-token'), 'utf8').trim() }
  const call = (method: string, path: string, options: RequestOptions = {}): Promise<Answer> => request(server.url, method, path, options)
  const actors = createActors({ superuser, operator, call })
  operator.id = (await call('GET', '/v1/me', { token: operator.token })).json.id as string

  return {
    ...server,
    config,
    superuserUrl,
    superuser,
    operator,
    call,
    ...actors,
    /** Calls as one actor. */
    as: (actor: Actor) => (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
      call(method, path, { token: actor.token, ...(body !== undefined && { body }), ...(headers && { headers }) }),
    async close() {
      await server.stop()
      await superuser.end()
      if (!beside) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
