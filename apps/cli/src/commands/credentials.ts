import { readFileSync } from 'node:fs'
import { type Credential, type CredentialTypeDescription, type CredentialTypeName, credentialTypeNames } from '@freehold/contract'
import { isUuid } from '@freehold/kit'
import type { Client } from '@freehold/sdk'
import { choice, command, type Flag, required, type Session, text, toggle } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { type Column, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { workspaceArgument } from '../resources.ts'
import { askSecret, readSecretFromInput } from '../secret-input.ts'

const columns: Column<Credential>[] = [
  { header: 'NAME', cell: (credential) => credential.name },
  { header: 'TYPE', cell: (credential) => credential.type },
  { header: 'DEFAULT', cell: (credential) => (credential.is_default ? 'yes' : '') },
  { header: 'ENVIRONMENT', cell: (credential) => credential.environment ?? 'all' },
  { header: 'STATE', cell: stateOf },
  { header: 'ID', cell: (credential) => credential.id },
]
const credential = required('Name or id of the credential')

/** `host=db.example.com,port=5432`, typed as the type of credential has its fields; `name=` takes one away. */
const fieldsFlag: Flag<Record<string, string> | undefined> = {
  placeholder: 'NAME=VALUE,…',
  description: 'Fields that are no secrets; `freehold credential types` lists them',
  parse: (value) => (typeof value === 'string' ? Object.fromEntries(value.split(',').map(readPair)) : undefined),
}
const secretFlags = {
  secretFile: text('FILE', 'Read the secret from a file; - is standard input. Without it you are asked'),
}

export const credentialTypes = command({
  path: ['credential', 'types'],
  summary: 'List the types of credentials and what each is made of.',
  args: { workspace: workspaceArgument },
  async run({ args, sdk, out }) {
    const types = await sdk.listCredentialTypes({ workspace_id: args.workspace })
    const names = (type: CredentialTypeDescription, isSecret: boolean) =>
      type.fields
        .filter((field) => field.secret === isSecret)
        .map((field) => `${field.name}${field.optional ? '?' : ''}`)
        .join(' ')
    const typeColumns: Column<CredentialTypeDescription>[] = [
      { header: 'TYPE', cell: (type) => type.type },
      { header: 'FIELDS', cell: (type) => names(type, false) },
      { header: 'SECRETS', cell: (type) => names(type, true) },
    ]
    out.list(types, typeColumns, 'There are none.')
  },
})

export const credentialList = command({
  path: ['credential', 'list'],
  summary: "List a workspace's credentials.",
  args: { workspace: workspaceArgument },
  flags: { ...listFlags, type: choice(credentialTypeNames, 'Only those'), environment: text('SLUG', 'Only what may be used there') },
  async run({ args, flags, sdk, out }) {
    const { type, environment } = flags
    const list = sdk.listCredentials({ workspace_id: args.workspace, limit: pageSize(flags), type, environment })
    out.list(await takeItems(list, flags, out), columns, 'It has no credentials yet.')
  },
})

export const credentialGet = command({
  path: ['credential', 'get'],
  summary: 'Show a credential, its secrets masked.',
  args: { workspace: workspaceArgument, credential },
  async run({ args, sdk, out }) {
    showOne(out, await find(sdk, args))
  },
})

export const credentialCreate = command({
  path: ['credential', 'create'],
  summary: 'Store a credential. Its secret is asked for, or read from a file or standard input.',
  examples: [
    'freehold credential create acme github "CI" --secret-file token.txt',
    'pass db | freehold credential create acme postgresql Warehouse --fields host=db.example.com,database=app,user=app --secret-file -',
  ],
  mutates: true,
  args: { workspace: workspaceArgument, type: required('One of `freehold credential types`'), name: required('Name') },
  flags: {
    fields: fieldsFlag,
    ...secretFlags,
    environment: text('SLUG', 'The only environment that may use it'),
    default: toggle('Make it the default of its type'),
  },
  async run({ args, flags, sdk, out, signal }) {
    const type = await findType(sdk, args.workspace, args.type)
    const body = {
      type: type.type,
      name: args.name,
      environment: flags.environment,
      is_default: flags.default ? true : undefined,
      fields: typed(type, flags.fields ?? {}),
      secrets: await readSecret(type, flags, signal),
    }
    const made = await sdk.createCredential({ workspace_id: args.workspace, ...body } as Parameters<Client['createCredential']>[0])
    out.result(`Stored ${made.name} as ${made.id}.`, made)
  },
})

export const credentialUpdate = command({
  path: ['credential', 'update'],
  summary: 'Change a credential. Another address clears the secret, unless --secret or --secret-file brings it anew.',
  mutates: true,
  args: { workspace: workspaceArgument, credential },
  flags: {
    name: text('NAME', 'New name'),
    fields: fieldsFlag,
    secret: toggle('Ask for a new secret'),
    ...secretFlags,
    environment: text('SLUG', 'The only environment that may use it; `all` for all'),
  },
  async run({ args, flags, sdk, out, signal }) {
    const found = await find(sdk, args)
    const type = await findType(sdk, args.workspace, found.type)
    const asksSecret = flags.secret || flags.secretFile !== undefined
    const changed = await sdk.updateCredential({
      workspace_id: args.workspace,
      credential_id: found.id,
      name: flags.name,
      environment: flags.environment === 'all' ? null : flags.environment,
      fields: flags.fields && typed(type, flags.fields),
      secrets: asksSecret ? await readSecret(type, flags, signal) : undefined,
    })
    out.result(`Changed ${changed.name}.`, changed)
    if (changed.needs_secret) out.note('It needs its secret again: its address has changed. Use --secret.')
  },
})

export const credentialDefault = command({
  path: ['credential', 'default'],
  summary: 'Make a credential the default of its type.',
  mutates: true,
  args: { workspace: workspaceArgument, credential },
  async run({ args, sdk, out }) {
    const { id } = await find(sdk, args)
    const changed = await sdk.updateCredential({ workspace_id: args.workspace, credential_id: id, is_default: true })
    out.result(`${changed.name} is the default for ${changed.type}.`, changed)
  },
})

export const credentialDelete = command({
  path: ['credential', 'delete'],
  summary: 'Delete a credential.',
  mutates: true,
  args: { workspace: workspaceArgument, credential },
  async run({ args, sdk, out, dryRun }) {
    const { id, name } = await find(sdk, args)
    const answer: unknown = await sdk.deleteCredential({ workspace_id: args.workspace, credential_id: id })
    out.result(dryRun ? '' : `Deleted ${name}.`, answer ?? undefined)
  },
})

export const credentialCheck = command({
  path: ['credential', 'check'],
  summary: 'Connect with a credential and say what was found.',
  mutates: true,
  args: { workspace: workspaceArgument, credential },
  async run({ args, sdk, out, dryRun }) {
    const { id } = await find(sdk, args)
    const check = await sdk.checkCredential({ workspace_id: args.workspace, credential_id: id })
    out.result(`${check.message} (${check.latency_ms} ms)`, check)
    if (check.hint !== null) out.note(check.hint)
    if (!check.ok && !dryRun) throw new CommandFailure('failed', 'The check failed.')
  },
})

async function find(sdk: Client, { workspace, credential: word }: { workspace: string; credential: string }): Promise<Credential> {
  if (isUuid(word)) return sdk.getCredential({ workspace_id: workspace, credential_id: word })
  for await (const candidate of sdk.listCredentials({ workspace_id: workspace, limit: 1000 }))
    if (candidate.name.toLowerCase() === word.toLowerCase()) return candidate
  throw new CommandFailure('notFound', `There is no credential "${word}".`, 'freehold credential list WORKSPACE shows them.')
}

async function findType(sdk: Client, workspace: string, word: string): Promise<CredentialTypeDescription> {
  const types = await sdk.listCredentialTypes({ workspace_id: workspace })
  const found = types.find(({ type }) => type === (word as CredentialTypeName))
  if (!found) throw new CommandFailure('usage', `There is no type "${word}".`, `It is one of ${types.map(({ type }) => type).join(', ')}.`)
  return found
}

/** The one secret of the type, from where it shows in no process list and no history. */
async function readSecret(type: CredentialTypeDescription, { secretFile }: { secretFile: string | undefined }, signal: AbortSignal) {
  const field = type.fields.find(({ secret }) => secret)!
  if (secretFile === '-') return { [field.name]: await readSecretFromInput() }
  if (secretFile !== undefined) return { [field.name]: readFile(secretFile) }
  if (!process.stdin.isTTY) {
    if (field.optional) return undefined
    throw new CommandFailure('usage', `The ${field.label.toLowerCase()} is missing.`, 'Give --secret-file FILE, or - for standard input.')
  }
  return { [field.name]: await askSecret(`${field.label}: `, signal) }
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch {
    throw new CommandFailure('usage', `${path} cannot be read.`, 'Give the path of a file that holds the secret alone.')
  }
}

function readPair(pair: string): [string, string] {
  const [name = '', ...rest] = pair.split('=')
  if (rest.length === 0) throw new CommandFailure('usage', `"${pair}" is no NAME=VALUE.`)
  return [name.trim(), rest.join('=')]
}

function typed(type: CredentialTypeDescription, given: Record<string, string>): Record<string, string | number | boolean | null> {
  const kinds = new Map(type.fields.map((field) => [field.name, field] as const))
  const read = (name: string, value: string) => {
    const field = kinds.get(name)
    if (field?.secret)
      throw new CommandFailure('usage', `${name} is a secret.`, 'Give it by --secret-file, so that nobody sees it in the process list.')
    if (value === '') return null
    if (field?.kind === 'integer' && /^\d{1,9}$/.test(value)) return Number(value)
    return field?.kind === 'boolean' && /^(?:true|false)$/.test(value) ? value === 'true' : value
  }
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, read(name, value)]))
}

function showOne(out: Session['out'], shown: Credential): void {
  out.record(
    () => [
      ['Name', shown.name],
      ['Id', shown.id],
      ['Type', shown.type],
      ['Environment', shown.environment ?? 'all'],
      ['Default', shown.is_default ? 'yes' : 'no'],
      ...Object.entries(shown.fields).map(([name, value]) => [name, String(value)] as const),
      ...Object.entries(shown.secrets).map(([name, value]) => [name, value ?? 'none'] as const),
      ['State', stateOf(shown)],
      ['Checked', shownTime(shown.last_check?.checked_at ?? null)],
    ],
    shown,
  )
}

function stateOf({ needs_secret, last_check }: Credential): string {
  if (needs_secret) return 'needs its secret'
  if (last_check === null) return 'not checked'
  return last_check.ok ? 'works' : last_check.message
}
