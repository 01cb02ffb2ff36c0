import { createConnection } from 'mysql2/promise'
import { isIP } from 'node:net'
import type { Egress } from '../egress/create-egress.ts'
import { converse, type DatabaseTarget } from './converse.ts'
import { describeFailure } from './describe-failure.ts'
import { bad, good, type Outcome } from './outcome.ts'

/** Signs in to a database of MySQL or MariaDB. */
export async function checkMysql(egress: Egress, target: DatabaseTarget): Promise<Outcome> {
  const { host, tls, caCertificate: ca } = target
  // The driver holds a certificate against names only.
  if (tls === 'require' && isIP(host) !== 0)
    return bad('TLS cannot prove who answers at a bare address.', 'Give the host by the name that is in its certificate.')
  try {
    if (tls === 'off') return await signIn(egress, target, undefined)
    if (tls === 'require')
      return await signIn(egress, target, { rejectUnauthorized: true, verifyIdentity: true, ...(ca !== undefined && { ca }) })
    return await signIn(egress, target, { rejectUnauthorized: false }).catch((error: unknown) => {
      if (codeOf(error) === 'HANDSHAKE_NO_SSL_SUPPORT') return signIn(egress, target, undefined)
      throw error
    })
  } catch (error) {
    return describe(codeOf(error), target) ?? describeFailure(tlsFault(error) ?? error, host)
  }
}

type Ssl = { rejectUnauthorized: boolean; verifyIdentity?: boolean; ca?: string }

async function signIn(egress: Egress, { host, port, database, user, password }: DatabaseTarget, ssl: Ssl | undefined): Promise<Outcome> {
  const socket = await egress.connect(host, port)
  return converse(socket, async () => {
    const connection = await createConnection({
      host,
      port,
      database,
      user,
      password,
      stream: socket,
      ...(ssl && { ssl }),
      // A server could ask for files of this machine by it.
      flags: ['-LOCAL_FILES'],
    })
    connection.destroy()
    return good('Signed in to MySQL.', ssl ? null : 'The connection is not encrypted: use TLS.')
  })
}

/** The driver gives every fault of TLS one code, and keeps what it was in the text alone. */
function tlsFault(error: unknown): Error | undefined {
  if (!(error instanceof Error) || codeOf(error) !== 'HANDSHAKE_SSL_ERROR') return undefined
  const code = tlsTexts.find(([text]) => text.test(error.message))?.[1] ?? 'EPROTO'
  return Object.assign(new Error('TLS failed', { cause: error }), { code })
}

const tlsTexts: readonly (readonly [text: RegExp, code: string])[] = [
  [/self-signed certificate|unable to (?:get|verify)/i, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [/certificate has expired/i, 'CERT_HAS_EXPIRED'],
  [/does not match certificate/i, 'ERR_TLS_CERT_ALTNAME_INVALID'],
]

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function describe(code: string, { database, user }: DatabaseTarget): Outcome | undefined {
  if (code === 'ER_ACCESS_DENIED_ERROR')
    return bad(`The server refused the password of ${user}.`, 'Put in the right password, and check the user.')
  if (code === 'ER_BAD_DB_ERROR') return bad(`There is no database ${database}.`, 'Check its name.')
  if (code === 'ER_DBACCESS_DENIED_ERROR')
    return bad(`${user} may not use the database ${database}, or it does not exist.`, 'Check its name, and grant access to it.')
  if (code === 'ER_HOST_NOT_PRIVILEGED' || code === 'ER_HOST_IS_BLOCKED')
    return bad('The server lets nobody in from here.', 'Allow the user from the address of Freehold.')
  if (code === 'ER_CON_COUNT_ERROR') return bad('The server takes no more connections for now.', 'Check again later, or raise its limit.')
  if (code === 'ER_MUST_CHANGE_PASSWORD' || code === 'ER_MUST_CHANGE_PASSWORD_LOGIN')
    return bad(`The password of ${user} has expired.`, 'Set a new one there, and put it in.')
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return bad('The server offers no TLS.', 'Turn TLS on there, or set `tls` to `prefer` or `off`.')
  if (code === 'AUTH_SWITCH_PLUGIN_ERROR')
    return bad('The server asks for a way to sign in that is not spoken here.', 'Give the user a password of the usual kind.')
  if (/^ER_[A-Z_]+$/.test(code))
    return bad(`The server refused the connection with the code ${code}.`, 'Look the code up in the documentation of MySQL.')
  return undefined
}
