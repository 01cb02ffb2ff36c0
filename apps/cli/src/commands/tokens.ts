import { readFileSync } from 'node:fs'
import type { OrgWorkspace } from '@freehold/contract'
import { duration } from '../durations.ts'
import { command, required, text, toggle } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import type { Column } from '../framework/output.ts'
import { workspaceArgument } from '../resources.ts'

export const tokenCreate = command({
  path: ['token', 'create'],
  summary: 'Make a token for API calls in one workspace, or for one tenant of it, and print it.',
  examples: ['TOKEN=$(freehold token create acme --tenant customer-17 --lifetime 15m)'],
  mutates: true,
  args: { workspace: workspaceArgument },
  flags: {
    tenant: text('KEY', 'What your back end calls the tenant'),
    name: text('NAME', "The tenant's name"),
    admin: toggle('With the role admin instead of view'),
    lifetime: duration('1h unless told, 1d at most'),
  },
  async run({ args, flags, sdk, out }) {
    const made = await sdk.createAccessToken({
      workspace_id: args.workspace,
      tenantKey: flags.tenant,
      name: flags.name,
      isAdmin: flags.admin,
      lifetimeSeconds: flags.lifetime,
    })
    out.result(made.token, made)
  },
})

export const tokenRotateSecret = command({
  path: ['token', 'rotate-secret'],
  summary: "Replace a workspace's secret, which signs its tokens, and print the new one once.",
  mutates: true,
  args: { workspace: workspaceArgument },
  flags: {
    grace: duration('How long the old secret still works'),
    fromFirstUse: toggle("Begin the grace at the new secret's first use instead of now"),
  },
  async run({ args, flags, sdk, out, dryRun }) {
    const rotated = await sdk.rotateWorkspaceSecret({
      workspace_id: args.workspace,
      graceSeconds: flags.grace,
      graceFrom: flags.fromFirstUse ? 'first_use' : undefined,
    })
    out.result(rotated.secret, rotated)
    if (!dryRun) out.note('The secret will not be shown again.')
  },
})

type SigningKey = OrgWorkspace['publicKeys'][number]
const columns: Column<SigningKey>[] = [
  { header: 'KEY ID', cell: (key) => key.kid },
  { header: 'ALGORITHM', cell: (key) => key.algorithm },
]

export const signingKeyList = command({
  path: ['signing-key', 'list'],
  summary: "List the public keys that verify a workspace's tokens.",
  args: { workspace: workspaceArgument },
  async run({ args, sdk, out }) {
    const { publicKeys, jwksUri, key } = await sdk.getOrgWorkspace({ workspace_id: args.workspace })
    out.list(publicKeys, columns, 'It has no public key.')
    out.note(`Tokens name the workspace by workspaceKey ${key}.${jwksUri ? ` Further keys come from ${jwksUri}.` : ''}`)
  },
})

export const signingKeyAdd = command({
  path: ['signing-key', 'add'],
  summary: "Register a public key that verifies a workspace's tokens.",
  mutates: true,
  args: {
    workspace: workspaceArgument,
    kid: required('Key id, as the header of your tokens names it'),
    algorithm: required('Such as RS256 or ES256'),
    file: required('PEM file of the public key'),
  },
  async run({ args, sdk, out }) {
    const { data, etag } = await sdk.raw.getOrgWorkspace({ workspace_id: args.workspace })
    const added: SigningKey = { kid: args.kid, algorithm: args.algorithm as SigningKey['algorithm'], key: readPem(args.file) }
    const change = { workspace_id: args.workspace, publicKeys: [...data.publicKeys, added] }
    out.result(`Added ${args.kid}.`, await sdk.updateOrgWorkspace(change, { ifMatch: etag ?? undefined }))
  },
})

export const signingKeyRemove = command({
  path: ['signing-key', 'remove'],
  summary: 'Remove a public key: tokens signed by its pair are refused at once.',
  mutates: true,
  args: { workspace: workspaceArgument, kid: required('Key id') },
  async run({ args, sdk, out }) {
    const { data, etag } = await sdk.raw.getOrgWorkspace({ workspace_id: args.workspace })
    const publicKeys = data.publicKeys.filter(({ kid }) => kid !== args.kid)
    if (publicKeys.length === data.publicKeys.length)
      throw new CommandFailure('notFound', `There is no key "${args.kid}".`, 'freehold signing-key list WORKSPACE shows them.')
    const changed = await sdk.updateOrgWorkspace({ workspace_id: args.workspace, publicKeys }, { ifMatch: etag ?? undefined })
    out.result(`Removed ${args.kid}.`, changed)
  },
})

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new CommandFailure('usage', `${path} cannot be read.`, 'Give the path of a PEM file.')
  }
}
