import { createHmac } from 'node:crypto'
import pg from 'pg'
import { StartupError } from './startup-error.ts'

export const appRole = 'freehold_app'
const minimumVersion = 150_000

/**
 * Makes sure that the unprivileged role exists and can sign in, and answers its URL. Its password is derived from the
 * migrator's, so that several processes on one database agree on it without sharing anything else: whoever holds the
 * migrator's credentials could set it anyway.
 * Throws StartupError when the server is too old or the migrator may not create roles.
 */
export async function ensureAppRole(migratorUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: migratorUrl, application_name: 'freehold-migrate', connectionTimeoutMillis: 5000 })
  await connect(client, migratorUrl)
  try {
    const { rows } = await client.query<{ version: number; exists: boolean; database: string }>(
      `select current_setting('server_version_num')::int as version, current_database() as database,
              exists (select from pg_roles where rolname = $1) as exists`,
      [appRole],
    )
    const { version, exists, database } = rows[0]!
    if (version < minimumVersion) {
      throw new StartupError(`DATABASE_URL names PostgreSQL ${Math.floor(version / 10_000)}; Freehold needs 15 or later.`)
    }
    const appUrl = urlOfAppRole(migratorUrl)
    if (!exists) await alterRole(client, 'create', new URL(appUrl).password)
    else if (!(await canSignIn(appUrl))) await alterRole(client, 'alter', new URL(appUrl).password)
    await client.query(`grant connect on database ${pg.escapeIdentifier(database)} to ${appRole}`)
    return appUrl
  } finally {
    await client.end()
  }
}

async function connect(client: pg.Client, url: string): Promise<void> {
  try {
    await client.connect()
  } catch (error) {
    const { hostname, port, pathname } = new URL(url)
    const reason =
      error instanceof Error && error.message ? error.message : String(error instanceof Error && 'code' in error ? error.code : error)
    throw new StartupError(
      `DATABASE_URL does not work: ${hostname}:${port || 5432}${pathname} answered "${reason}". Check host, port, user, password and database.`,
      { cause: error },
    )
  }
}

function urlOfAppRole(migratorUrl: string): string {
  const url = new URL(migratorUrl)
  const password = createHmac('sha256', decodeURIComponent(url.password)).update(`freehold:${appRole}`).digest('hex')
  url.username = appRole
  url.password = password
  return url.href
}

// DDL takes no parameters; the password is hexadecimal digits of our own making.
async function alterRole(client: pg.Client, verb: 'create' | 'alter', password: string): Promise<void> {
  try {
    await client.query(
      `${verb} role ${appRole} login password '${password}' nosuperuser nobypassrls nocreatedb nocreaterole noinherit noreplication`,
    )
  } catch (error) {
    // Another starting process may have made it in between.
    if (error instanceof pg.DatabaseError && (error.code === '42710' || error.code === '23505')) return
    throw new StartupError(
      `The user of DATABASE_URL may not ${verb} the role ${appRole}: give it CREATEROLE, or set FREEHOLD_APP_DATABASE_URL to an unprivileged role of your own.`,
      { cause: error },
    )
  }
}

async function canSignIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
