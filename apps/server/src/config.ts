import { StartupError } from '@freehold/db'
import type { S3Options } from '@freehold/drivers'
import { readKeyUrl } from '@freehold/drivers'
import type { OidcConfig } from '@freehold/hub'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export type Config = {
  port: number
  host: string
  /** Absolute path of the data directory. */
  dataDir: string
  /** The migrator's database URL; null runs the embedded Postgres. */
  databaseUrl: string | null
  appDatabaseUrl: string | null
  /** What browsers and scripts reach the server by, where it is not `http://127.0.0.1:port`. */
  publicUrl: string | null
  rootKey: Buffer | null
  /** The root key before `rootKey`, while a rotation is not finished. */
  previousRootKey: Buffer | null
  /** Absolute path of the root key's file, where it is not in the data directory. */
  rootKeyFile: string | null
  /** What wraps the root key, and what did before. */
  kms: KmsConfig | null
  previousKms: KmsConfig | null
  region: string
  oidc: OidcConfig | null
  mail: { url: string; from: string } | null
  /** Ranges in CIDR form that outgoing calls may reach although they are not public. */
  egressAllow: string[]
  /** The SpiceDB that decides who may do what; null decides in this process. */
  spicedb: { endpoint: string; token: string; tls: 'off' | 'system' | Buffer } | null
  /** The bucket that files are kept in; null keeps them in the data directory. */
  s3: S3Options | null
  /** Bytes of the largest file that is taken. */
  maxFileBytes: number
  logLevel: string
  demo: boolean
  version: string
}

export const usage = `Usage: npm start -- [options]

  --port N        port to listen on (FREEHOLD_PORT, 4100; 0 takes a free one)
  --host ADDRESS  address to listen on (FREEHOLD_HOST, 127.0.0.1)
  --data DIR      data directory (FREEHOLD_DATA, .freehold)
  --demo          fill an empty installation with example workspaces
  --help          this text

Environment: DATABASE_URL (PostgreSQL 15 or later; embedded when unset), FREEHOLD_APP_DATABASE_URL,
FREEHOLD_URL (the public address), FREEHOLD_ROOT_KEY (32 bytes, base64), FREEHOLD_ROOT_KEY_PREVIOUS,
FREEHOLD_ROOT_KEY_FILE, FREEHOLD_KMS (aws:<key> or transit:<address of a key>), FREEHOLD_KMS_TOKEN, FREEHOLD_KMS_TOKEN_FILE,
FREEHOLD_KMS_PREVIOUS, FREEHOLD_REGION (local), FREEHOLD_LOG_LEVEL (warn), FREEHOLD_MAX_FILE_BYTES (53687091200),
FREEHOLD_OIDC_ISSUER, FREEHOLD_OIDC_CLIENT_ID, FREEHOLD_OIDC_CLIENT_SECRET, FREEHOLD_OIDC_NAME (Single sign-on),
FREEHOLD_OIDC_GROUPS_CLAIM (groups), FREEHOLD_SMTP_URL (smtp://user:password@host:587), FREEHOLD_MAIL_FROM,
FREEHOLD_EGRESS_ALLOW (ranges such as 10.0.0.0/8 that outgoing calls may reach),
FREEHOLD_SPICEDB (host:port of a SpiceDB that decides who may do what), FREEHOLD_SPICEDB_TOKEN,
FREEHOLD_SPICEDB_TLS (on, off, or the file of an authority's certificate; off on loopback, else on),
FREEHOLD_S3_BUCKET (keeps files there; in the data directory when unset), FREEHOLD_S3_ENDPOINT (where it is not AWS),
FREEHOLD_S3_REGION, FREEHOLD_S3_ACCESS_KEY_ID, FREEHOLD_S3_SECRET_ACCESS_KEY (else those of the AWS SDK's usual places),
FREEHOLD_S3_PREFIX (before every key), FREEHOLD_S3_PATH_STYLE (on or off; on at an endpoint of one's own),
FREEHOLD_S3_ENCRYPTION (AES256, aws:kms, or aws:kms and a colon and the key's id)`

export type KmsConfig = { kind: 'aws'; keyId: string } | { kind: 'transit'; url: string; token: () => string }

type Environment = Record<string, string | undefined>

/** Reads flags and environment, once. Throws StartupError with what to correct; null means that only help was asked for. */
export function readConfig(args: string[], env: Environment, cwd: string): Config | null {
  const flags = parseFlags(args)
  if (flags.help) return null
  const region = env['FREEHOLD_REGION'] || 'local'
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(region))
    throw new StartupError(`FREEHOLD_REGION is "${region}": use lowercase letters, digits and single hyphens.`)
  return {
    port: readPort(flags.port ?? (env['FREEHOLD_PORT'] || '4100')),
    host: flags.host ?? (env['FREEHOLD_HOST'] || '127.0.0.1'),
    dataDir: resolve(cwd, flags.data ?? (env['FREEHOLD_DATA'] || '.freehold')),
    databaseUrl: readUrl('DATABASE_URL', env['DATABASE_URL'], ['postgres:', 'postgresql:']),
    appDatabaseUrl: readUrl('FREEHOLD_APP_DATABASE_URL', env['FREEHOLD_APP_DATABASE_URL'], ['postgres:', 'postgresql:']),
    publicUrl: readUrl('FREEHOLD_URL', env['FREEHOLD_URL'], ['http:', 'https:']),
    rootKey: readRootKey('FREEHOLD_ROOT_KEY', env),
    previousRootKey: readRootKey('FREEHOLD_ROOT_KEY_PREVIOUS', env),
    rootKeyFile: env['FREEHOLD_ROOT_KEY_FILE'] ? resolve(cwd, env['FREEHOLD_ROOT_KEY_FILE']) : null,
    kms: readKms('FREEHOLD_KMS', env, cwd),
    previousKms: readKms('FREEHOLD_KMS_PREVIOUS', env, cwd),
    region,
    oidc: readOidc(env),
    mail: readMail(env),
    egressAllow: readRanges(env['FREEHOLD_EGRESS_ALLOW'] ?? ''),
    spicedb: readSpiceDb(env, cwd),
    s3: readS3(env),
    maxFileBytes: readBytes('FREEHOLD_MAX_FILE_BYTES', env['FREEHOLD_MAX_FILE_BYTES'] || String(50 * 1024 ** 3)),
    logLevel: readLogLevel(env['FREEHOLD_LOG_LEVEL'] || 'warn'),
    demo: flags.demo ?? false,
    version: readVersion(),
  }
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        demo: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new StartupError(`${error instanceof Error ? error.message : String(error)} See npm start -- --help.`)
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new StartupError(`The port is "${text}": use a number from 0 to 65535.`)
  return port
}

function readUrl(name: string, text: string | undefined, protocols: string[]): string | null {
  if (!text) return null
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
    throw new StartupError(`${name} is not a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}.`)
  }
  return text
}

function readRootKey(name: string, env: Environment): Buffer | null {
  const text = env[name]
  if (!text) return null
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32) throw new StartupError(`${name} must be 32 bytes in base64, such as \`openssl rand -base64 32\` prints.`)
  return key
}

function readKms(name: string, env: Environment, cwd: string): KmsConfig | null {
  const text = env[name]
  if (!text) return null
  const [, kind, rest = ''] = /^(aws|transit):(.+)$/.exec(text) ?? []
  if (kind === 'aws') return { kind, keyId: rest }
  if (kind !== 'transit' || !isTransitKey(rest)) {
    throw new StartupError(
      `${name} is "${text}": use aws: and a key's ARN, or transit: and a key's address, such as https://host:8200/v1/transit/keys/name.`,
    )
  }
  const [token, file] = [env[`${name}_TOKEN`], env[`${name}_TOKEN_FILE`]]
  if (!token && !file) throw new StartupError(`${name} needs ${name}_TOKEN or ${name}_TOKEN_FILE beside it.`)
  return { kind, url: rest, token: token ? () => token : () => readFileSync(resolve(cwd, file!), 'utf8').trim() }
}

function isTransitKey(text: string): boolean {
  try {
    readKeyUrl(text)
    return true
  } catch {
    return false
  }
}

function readOidc(env: Environment): OidcConfig | null {
  const issuer = readUrl('FREEHOLD_OIDC_ISSUER', env['FREEHOLD_OIDC_ISSUER'], ['http:', 'https:'])
  if (issuer === null) return null
  const clientId = env['FREEHOLD_OIDC_CLIENT_ID']
  const clientSecret = env['FREEHOLD_OIDC_CLIENT_SECRET']
  if (!clientId || !clientSecret) {
    throw new StartupError('FREEHOLD_OIDC_ISSUER needs FREEHOLD_OIDC_CLIENT_ID and FREEHOLD_OIDC_CLIENT_SECRET beside it.')
  }
  return {
    issuer,
    clientId,
    clientSecret,
    name: env['FREEHOLD_OIDC_NAME'] || 'Single sign-on',
    groupsClaim: env['FREEHOLD_OIDC_GROUPS_CLAIM'] || 'groups',
  }
}

function readMail(env: Environment): Config['mail'] {
  const url = readUrl('FREEHOLD_SMTP_URL', env['FREEHOLD_SMTP_URL'], ['smtp:', 'smtps:'])
  if (url === null) return null
  const from = env['FREEHOLD_MAIL_FROM']
  if (!from) throw new StartupError('FREEHOLD_SMTP_URL needs FREEHOLD_MAIL_FROM beside it: the address that mail comes from.')
  return { url, from }
}

function readRanges(text: string): string[] {
  const ranges = text.split(/[\s,]+/).filter(Boolean)
  const wrong = ranges.find((range) => {
    const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(range) ?? []
    return isIP(address) === 0 || Number(bits) > (isIP(address) === 4 ? 32 : 128)
  })
  if (wrong !== undefined)
    throw new StartupError(`FREEHOLD_EGRESS_ALLOW has "${wrong}": use ranges such as 10.0.0.0/8, with commas between them.`)
  return ranges
}

function readSpiceDb(env: Environment, cwd: string): Config['spicedb'] {
  const endpoint = env['FREEHOLD_SPICEDB']
  if (!endpoint) return null
  const [, host] = /^(\[[\da-f:]+\]|[\w.-]+):\d{1,5}$/i.exec(endpoint) ?? []
  if (host === undefined) throw new StartupError(`FREEHOLD_SPICEDB is "${endpoint}": use host:port, such as spicedb.internal:50051.`)
  const token = env['FREEHOLD_SPICEDB_TOKEN']
  if (!token) throw new StartupError('FREEHOLD_SPICEDB needs FREEHOLD_SPICEDB_TOKEN beside it: the preshared key of that SpiceDB.')
  const isLoopback = host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
  return { endpoint, token, tls: readTls(env['FREEHOLD_SPICEDB_TLS'] || (isLoopback ? 'off' : 'on'), cwd) }
}

function readTls(text: string, cwd: string): 'off' | 'system' | Buffer {
  if (text === 'on' || text === 'off') return text === 'on' ? 'system' : 'off'
  try {
    return readFileSync(resolve(cwd, text))
  } catch (cause) {
    throw new StartupError(`FREEHOLD_SPICEDB_TLS is "${text}": use on, off, or the file of a certificate in PEM that can be read.`, {
      cause,
    })
  }
}

function readBytes(name: string, text: string): number {
  if (/^\d{1,13}$/.test(text) && Number(text) > 0) return Number(text)
  throw new StartupError(`${name} is "${text}": use a number of bytes, such as 53687091200 for 50 GiB.`)
}

function readS3(env: Environment): S3Options | null {
  const bucket = env['FREEHOLD_S3_BUCKET']
  if (!bucket) return null
  const endpoint = readUrl('FREEHOLD_S3_ENDPOINT', env['FREEHOLD_S3_ENDPOINT'], ['http:', 'https:'])
  const [accessKeyId, secretAccessKey] = [env['FREEHOLD_S3_ACCESS_KEY_ID'], env['FREEHOLD_S3_SECRET_ACCESS_KEY']]
  if (Boolean(accessKeyId) !== Boolean(secretAccessKey)) {
    throw new StartupError('FREEHOLD_S3_ACCESS_KEY_ID and FREEHOLD_S3_SECRET_ACCESS_KEY come together: set both, or neither.')
  }
  const prefix = env['FREEHOLD_S3_PREFIX'] ?? ''
  if (!/^(?:(?!\.+(?:\/|$))[\w.-]+(?:\/|$))*$/.test(prefix)) {
    throw new StartupError(
      `FREEHOLD_S3_PREFIX is "${prefix}": use letters, digits, dots, hyphens and underscores with single slashes between.`,
    )
  }
  return {
    bucket,
    endpoint,
    region: env['FREEHOLD_S3_REGION'] || null,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null,
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    pathStyle: readSwitch('FREEHOLD_S3_PATH_STYLE', env['FREEHOLD_S3_PATH_STYLE'] || (endpoint === null ? 'off' : 'on')),
    encryption: readEncryption(env['FREEHOLD_S3_ENCRYPTION'] ?? ''),
  }
}

function readEncryption(text: string): NonNullable<S3Options['encryption']> | null {
  if (text === '') return null
  const [, algorithm, kmsKeyId] = /^(AES256|aws:kms)(?:(?<=kms):(\S+))?$/.exec(text) ?? []
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms') {
    throw new StartupError(`FREEHOLD_S3_ENCRYPTION is "${text}": use AES256, aws:kms, or aws:kms:<id of a key>.`)
  }
  return { algorithm, kmsKeyId: kmsKeyId ?? null }
}

function readSwitch(name: string, text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new StartupError(`${name} is "${text}": use on or off.`)
  return text === 'on'
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

function readLogLevel(level: string): string {
  if (!logLevels.includes(level)) throw new StartupError(`FREEHOLD_LOG_LEVEL is "${level}": use one of ${logLevels.join(', ')}.`)
  return level
}

function readVersion(): string {
  const file = new URL('../../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
