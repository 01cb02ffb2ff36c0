import pg from 'pg'
import { StartupError } from './startup-error.ts'

export const minimumVersion = 150_000

/**
 * A connection for the work of a start. `variable` names the URL for the operator.
 * Throws StartupError when it does not work or the server is too old.
 */
export async function openStartupConnection(url: string, options: { variable: string; applicationName: string }): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: options.applicationName, connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined) // A break while idle shows at the next statement.
  try {
    await client.connect()
  } catch (error) {
    throw new StartupError(
      `${options.variable} does not work: ${placeOf(url)} answered "${reasonOf(error)}". Check host, port, user, password and database.`,
      { cause: error },
    )
  }
  try {
    const { rows } = await client.query<{ version: number }>("select current_setting('server_version_num')::int as version")
    refuseOldServer(rows[0]!.version, options.variable)
    return client
  } catch (error) {
    await client.end()
    throw error
  }
}

/** `version` is Postgres' own number, such as 150018. Throws StartupError when it is too old. */
export function refuseOldServer(version: number, variable: string): void {
  if (version >= minimumVersion) return
  throw new StartupError(`${variable} names PostgreSQL ${Math.floor(version / 10_000)}; Freehold needs 15 or later.`)
}

// Without user and password, which are nobody's to print.
function placeOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  return `${hostname || (searchParams.get('host') ?? 'localhost')}:${port || 5432}${pathname}`
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
