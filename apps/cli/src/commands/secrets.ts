import type { ListedSecret, Secret, SecretVersion } from '@freehold/contract'
import { secretCategories } from '@freehold/contract'
import { readFile } from 'node:fs/promises'
import { duration } from '../durations.ts'
import { choice, command, type Flag, required, type Session, text, toggle } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { type Column, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { toDotenv } from '../to-dotenv.ts'
import { workspaceArgument } from '../resources.ts'
import { askHidden, readInput } from '../secret-input.ts'

const key = required('Key of the secret')
const env = text('SLUG', 'Environment; left out, what all environments share')
const category = choice(secretCategories, 'Category; custom unless told')
const secretArgs = { workspace: workspaceArgument, key }

const columns: Column<ListedSecret>[] = [
  { header: 'KEY', cell: (secret) => secret.key },
  { header: 'ENVIRONMENT', cell: (secret) => secret.environment ?? 'shared' },
  { header: 'CATEGORY', cell: (secret) => secret.category },
  { header: 'VERSION', cell: (secret) => `${secret.version}` },
  { header: 'UPDATED', cell: (secret) => shownTime(secret.updated_at) },
  { header: 'LAST READ', cell: (secret) => shownTime(secret.last_read_at) },
  { header: 'BY', cell: (secret) => secret.last_read_by?.label ?? null },
]

export const secretList = command({
  path: ['secret', 'list'],
  summary: 'List secrets, never their values. Of an environment: its own and the shared ones that it sees.',
  args: { workspace: workspaceArgument },
  flags: { ...listFlags, env, category: choice(secretCategories, 'Only those'), query: text('TEXT', 'Part of the key') },
  async run({ args, flags, sdk, out }) {
    const { category: only, query: q } = flags
    const wanted = { workspace_id: args.workspace, environment: flags.env, limit: pageSize(flags), category: only, q }
    out.list(await takeItems(sdk.listSecrets(wanted), flags, out), columns, 'It has no secrets.')
  },
})

export const secretGet = command({
  path: ['secret', 'get'],
  summary: 'Print the value of a secret. Each time is in the audit log.',
  args: secretArgs,
  flags: { env },
  async run({ args, flags, sdk, out }) {
    const secret = await sdk.revealSecret({ workspace_id: args.workspace, key: args.key, environment: flags.env })
    out.exact(secret.value, secret)
    const until = secret.previous?.valid_until
    if (until) out.note(`The value before is valid until ${until}.`)
  },
})

const rotateEvery: Flag<number | null | undefined> = {
  placeholder: 'DAYS|never',
  description: 'Remind of a new value every so many days',
  parse: (value) => {
    if (typeof value !== 'string') return undefined
    if (value === 'never') return null
    if (!/^[1-9]\d{0,3}$/.test(value)) throw new CommandFailure('usage', `"${value}" is no number of days.`, 'Such as 90, or never.')
    return Number(value)
  },
}

export const secretSet = command({
  path: ['secret', 'set'],
  summary: 'Write a secret. Its value comes from standard input, a hidden prompt or a file.',
  description:
    'The same value again makes no new version. Of standard input one line end is left off at the end; a file is taken as it is.',
  examples: [
    'freehold secret set acme API_TOKEN --env staging',
    'openssl rand -hex 32 | freehold secret set acme SIGNING_KEY --keep-previous 1h',
    'freehold secret set acme TLS_KEY --value-file key.pem',
    'freehold secret set acme API_TOKEN --keep-value --rotate-every 90',
  ],
  mutates: true,
  args: secretArgs,
  flags: {
    env,
    valueFile: text('FILE', 'Where the value is'),
    keepValue: toggle('Leave the value; change only what other flags say'),
    description: text('TEXT', 'What it is for'),
    category,
    rotateEvery,
    keepPrevious: duration('How long the value before stays valid too'),
    untilFirstUse: toggle('The value before stays valid until the new one is first read, and then for --keep-previous'),
  },
  async run({ args, flags, sdk, out, signal }) {
    const value = flags.keepValue ? undefined : await readValue(flags.valueFile, `Value of ${args.key}: `, signal)
    const secret = await sdk.putSecret({
      workspace_id: args.workspace,
      key: args.key,
      environment: flags.env,
      value,
      description: flags.description,
      category: flags.category,
      rotate_every_days: flags.rotateEvery,
      previous_valid_seconds: flags.keepPrevious,
      previous_until: flags.untilFirstUse ? 'first_use' : undefined,
    })
    out.result(`${nameOf(secret)} is at version ${secret.version}.`, secret)
  },
})

export const secretDelete = command({
  path: ['secret', 'delete'],
  summary: 'Delete a secret with all its versions.',
  mutates: true,
  args: secretArgs,
  flags: { env },
  async run({ args, flags, sdk, out, dryRun }) {
    const answer: unknown = await sdk.deleteSecret({ workspace_id: args.workspace, key: args.key, environment: flags.env })
    out.result(dryRun ? '' : `Deleted ${args.key}.`, answer ?? undefined)
  },
})

const versionColumns: Column<SecretVersion>[] = [
  { header: 'VERSION', cell: (row) => `${row.version}${row.current ? ' (present)' : ''}` },
  { header: 'SINCE', cell: (row) => shownTime(row.created_at) },
  { header: 'BY', cell: (row) => row.created_by },
]

export const secretVersions = command({
  path: ['secret', 'versions'],
  summary: 'List the versions of a secret, never their values.',
  args: secretArgs,
  flags: { ...listFlags, env },
  async run({ args, flags, sdk, out }) {
    const list = sdk.listSecretVersions({ workspace_id: args.workspace, key: args.key, environment: flags.env, limit: pageSize(flags) })
    out.list(await takeItems(list, flags, out), versionColumns, 'It has no versions.')
  },
})

export const secretRollback = command({
  path: ['secret', 'rollback'],
  summary: 'Bring back the value of an earlier version, as a new one.',
  mutates: true,
  args: { ...secretArgs, version: required('Number of the version') },
  flags: { env },
  async run({ args, flags, sdk, out }) {
    if (!/^[1-9]\d{0,8}$/.test(args.version)) throw new CommandFailure('usage', `"${args.version}" is no version.`)
    const version = Number(args.version)
    const secret = await sdk.rollbackSecret({ workspace_id: args.workspace, key: args.key, environment: flags.env, version })
    out.result(`${nameOf(secret)} is at version ${secret.version}, with the value of version ${version}.`, secret)
  },
})

export const secretImport = command({
  path: ['secret', 'import'],
  summary: 'Import secrets from a .env or JSON file, all of them or none. - reads standard input.',
  description: 'What the file does not name stays. --dry-run tells what would change.',
  mutates: true,
  args: { workspace: workspaceArgument, file: required('File, or - for standard input') },
  flags: { env, category, format: choice(['dotenv', 'json'], 'Of the file; by its name unless told') },
  async run({ args, flags, sdk, out }) {
    const content = args.file === '-' ? await readInput() : await readTextFile(args.file)
    const isJson = (flags.format ?? (args.file.endsWith('.json') ? 'json' : 'dotenv')) === 'json'
    const changes = await sdk.importSecrets({
      workspace_id: args.workspace,
      environment: flags.env,
      category: flags.category,
      ...(isJson ? { secrets: readObject(content) } : { dotenv: content }),
    })
    const { created, updated, unchanged } = changes
    out.result(`${created.length} created, ${updated.length} updated, ${unchanged.length} unchanged.`, changes)
  },
})

export const secretResolve = command({
  path: ['secret', 'resolve'],
  summary: 'Print all values of an environment with references resolved, as a .env file. Each time is in the audit log.',
  args: { workspace: workspaceArgument },
  flags: { env },
  async run({ args, flags, sdk, out }) {
    const resolved = await sdk.resolveSecrets({ workspace_id: args.workspace, environment: flags.env })
    out.exact(toDotenv(resolved.values), resolved)
  },
})

/** Never from the command line, where each process of the machine may read it. */
async function readValue(file: string | undefined, question: string, signal: Session['signal']): Promise<string> {
  if (file !== undefined) return readTextFile(file)
  if (process.stdin.isTTY) return askHidden(question, signal)
  return (await readInput()).replace(/\r?\n$/, '')
}

async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure('usage', `${path} cannot be read (${error.code ?? 'unknown'}).`)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new CommandFailure('usage', `${path} is not text in UTF-8.`, 'Encode it first, such as by base64.')
  }
}

function readObject(content: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(content)
  } catch {
    // The parser's own text repeats a part of the file.
    throw new CommandFailure('usage', 'The file is not valid JSON.')
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>
  throw new CommandFailure('usage', 'The file is no JSON object of texts by key.')
}

function nameOf({ key: name, environment }: Secret): string {
  return environment === null ? name : `${name} of ${environment}`
}
