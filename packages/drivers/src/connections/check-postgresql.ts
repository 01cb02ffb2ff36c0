import pg from 'pg'
import type { Egress } from '../egress/create-egress.ts'
import { converse, type DatabaseTarget } from './converse.ts'
import { describeFailure } from './describe-failure.ts'
import { bad, good, type Outcome } from './outcome.ts'

const noTls = 'The server does not support SSL connections'

/** Signs in to a database, and asks nothing but the server's version. */
export async function checkPostgresql(egress: Egress, target: DatabaseTarget): Promise<Outcome> {
  const { host, tls, caCertificate: ca } = target
  try {
    if (tls === 'off') return await signIn(egress, target, false)
    if (tls === 'require') return await signIn(egress, target, { rejectUnauthorized: true, ...(ca !== undefined && { ca }) })
    // Encrypted where it can be: who does not insist on it, does not insist on who answers.
    return await signIn(egress, target, { rejectUnauthorized: false }).catch((error: unknown) => {
      if (error instanceof Error && error.message === noTls) return signIn(egress, target, false)
      throw error
    })
  } catch (error) {
    return describe(error, target) ?? describeFailure(error, host)
  }
}

async function signIn(egress: Egress, target: DatabaseTarget, ssl: false | { rejectUnauthorized: boolean; ca?: string }): Promise<Outcome> {
  const { host, port, database, user, password } = target
  const socket = await egress.connect(host, port)
  // pg connects its stream itself; this one is connected, to the address that was checked.
  const connected = Object.assign(socket, { connect: () => process.nextTick(() => socket.emit('connect')) })
  const client = new pg.Client({
    host,
    port,
    database,
    user,
    password,
    ssl,
    stream: () => connected,
    application_name: 'freehold check',
  })
  // An idle client's errors are events; what matters is what `connect` and `query` reject with.
  client.on('error', () => undefined)
  return converse(socket, async () => {
    await client.connect()
    const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version")
    const major = Math.floor(Number(rows[0]?.version) / 10_000)
    return good(`Signed in to PostgreSQL${Number.isInteger(major) ? ` ${major}` : ''}.`, ssl === false ? inTheClear : null)
  })
}

const inTheClear = 'The connection is not encrypted: use TLS.'

function describe(error: unknown, { database, user }: DatabaseTarget): Outcome | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.message === noTls) return bad('The server offers no TLS.', 'Turn TLS on there, or set `tls` to `prefer` or `off`.')
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === '28P01') return bad(`The server refused the password of ${user}.`, 'Put in the right password, and check the user.')
  if (code === '28000')
    return bad(
      `The server does not let ${user} in from here.`,
      'Check that the user exists and may log in, and what pg_hba.conf says about TLS and addresses.',
    )
  if (code === '3D000') return bad(`There is no database ${database}.`, 'Check its name.')
  if (code === '42501') return bad(`${user} may not connect to the database ${database}.`, 'Grant CONNECT on it.')
  if (code === '53300') return bad('The server takes no more connections for now.', 'Check again later, or raise its limit.')
  if (code.startsWith('57P0')) return bad('The server is starting up or shutting down.', 'Check again in a moment.')
  if (/^[0-9A-Z]{5}$/.test(code))
    return bad(`The server refused the connection with the code ${code}.`, 'Look the code up in the documentation of PostgreSQL.')
  return undefined
}
