import { createHmac } from 'node:crypto'
import pg from 'pg'
import { openStartupConnection } from './startup-connection.ts'
import { StartupError } from './startup-error.ts'

export const appRole = 'freehold_app'

/**
 * Makes sure that the unprivileged role exists and can sign in, and answers its URL. Its password is derived from the
 * migrator's, so that several processes on one database agree on it without sharing anything else: whoever holds the
 * migrator's credentials could set it anyway. Where the migrator needs none (trust), neither does the role: one derived
 * from nothing would be known to everybody.
 * Throws StartupError when the server is too old or the migrator may not create roles.
 */
export async function ensureAppRole(migratorUrl: string): Promise<string> {
  const client = await openStartupConnection(migratorUrl, { variable: 'DATABASE_URL', applicationName: 'freehold-migrate' })
  try {
    // Processes that start together would meet in the catalog ("tuple concurrently updated").
    await client.query("select pg_advisory_lock(hashtextextended('freehold:app-role', 0))")
    const { rows } = await client.query<{ exists: boolean; database: string }>(
      'select current_database() as database, exists (select from pg_roles where rolname = $1) as exists',
      [appRole],
    )
    const { exists, database } = rows[0]!
    const password = derivePassword(migratorUrl)
    const appUrl = urlOfAppRole(migratorUrl, password)
    if (!exists) await alterRole(client, 'create', password)
    else if (password !== null && !(await canSignIn(appUrl))) await alterRole(client, 'alter', password)
    await client.query(`grant connect on database ${pg.escapeIdentifier(database)} to ${appRole}`)
    return appUrl
  } finally {
    await client.end()
  }
}

/** Throws StartupError unless the URL signs in as the one role to which the migrations grant anything. */
export async function refuseOtherRole(appUrl: string): Promise<void> {
  const client = await openStartupConnection(appUrl, { variable: 'FREEHOLD_APP_DATABASE_URL', applicationName: 'freehold-isolation' })
  try {
    const { rows } = await client.query<{ role: string }>('select current_user as role')
    const { role } = rows[0]!
    if (role !== appRole)
      throw new StartupError(`FREEHOLD_APP_DATABASE_URL signs in as ${role}: make the role ${appRole} and sign in as that.`)
  } finally {
    await client.end()
  }
}

function derivePassword(migratorUrl: string): string | null {
  const { searchParams, password } = new URL(migratorUrl)
  const secret = searchParams.get('password') ?? decodeURIComponent(password)
  return secret ? createHmac('sha256', secret).update(`freehold:${appRole}`).digest('hex') : null
}

// As parameters: they go before what stands in front of the host, and a URL without a host (a socket's) takes nothing there.
function urlOfAppRole(migratorUrl: string, password: string | null): string {
  const url = new URL(migratorUrl)
  url.username = ''
  url.password = ''
  url.searchParams.set('user', appRole)
  url.searchParams.delete('password')
  if (password !== null) url.searchParams.set('password', password)
  return url.href
}

// DDL takes no parameters; the password is hexadecimal digits of our own making. Only a superuser may name the attributes
// of a role that exists, even to leave them as they are; what they are is judged before the start goes on.
async function alterRole(client: pg.Client, verb: 'create' | 'alter', password: string | null): Promise<void> {
  const attributes = verb === 'create' ? 'nosuperuser nobypassrls nocreatedb nocreaterole noinherit noreplication' : ''
  try {
    await client.query(`${verb} role ${appRole} login password ${password === null ? 'null' : `'${password}'`} ${attributes}`)
  } catch (error) {
    // Another starting process may have made it in between.
    if (error instanceof pg.DatabaseError && (error.code === '42710' || error.code === '23505')) return
    throw new StartupError(
      `The user of DATABASE_URL may not ${verb} the role ${appRole}: give it CREATEROLE, or have that role made (login, nothing else) and set FREEHOLD_APP_DATABASE_URL to its URL.`,
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
