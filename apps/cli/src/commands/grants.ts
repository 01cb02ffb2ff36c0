import { type Grant, workspaceRoles } from '@freehold/contract'
import type { Client } from '@freehold/sdk'
import { isUuid } from '@freehold/kit'
import { pointInTime } from '../durations.ts'
import { choice, command, required, toggle } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { type Column, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { workspaceArgument } from '../resources.ts'

const columns: Column<Grant>[] = [
  { header: 'SHARED WITH', cell: (grant) => grant.label },
  { header: 'TYPE', cell: (grant) => grant.subject_type },
  { header: 'ROLE', cell: (grant) => grant.role },
  { header: 'ENDS', cell: (grant) => shownTime(grant.expires_at) ?? 'Never' },
  { header: 'ID', cell: (grant) => grant.id },
]
const end = pointInTime('Such as 30d or 2027-01-31T00:00:00Z, or never')
const grantArgument = required('Id of the grant, or id or name of whom it is for')

export const grantList = command({
  path: ['grant', 'list'],
  summary: 'List the people and groups that a workspace is shared with.',
  args: { workspace: workspaceArgument },
  flags: listFlags,
  async run({ args, flags, sdk, out }) {
    const list = sdk.listGrants({ workspace_id: args.workspace, limit: pageSize(flags) })
    out.list(await takeItems(list, flags, out), columns, 'It is shared with nobody.')
  },
})

export const grantCreate = command({
  path: ['grant', 'create'],
  summary: 'Share a workspace with a person or a group.',
  examples: ['freehold grant create acme kim@example.com edit', 'freehold grant create acme GROUP view --group --expires 30d'],
  mutates: true,
  args: {
    workspace: workspaceArgument,
    subject: required("A person's e-mail or id; with --group a group's id"),
    role: required(`One of ${workspaceRoles.join(', ')}`),
  },
  flags: { group: toggle('Share with a group'), expires: end },
  async run({ args, flags, sdk, out }) {
    const grant = await sdk.createGrant({
      workspace_id: args.workspace,
      subject_type: flags.group ? 'group' : 'user',
      subject: args.subject,
      role: args.role as Grant['role'],
      expires_at: flags.expires,
    })
    out.result(`${grant.label} has the role ${grant.role}.`, grant)
  },
})

export const grantUpdate = command({
  path: ['grant', 'update'],
  summary: "Change a grant's role or end.",
  mutates: true,
  args: { workspace: workspaceArgument, grant: grantArgument },
  flags: { role: choice(workspaceRoles, 'The new role'), expires: end },
  async run({ args, flags, sdk, out }) {
    if (flags.role === undefined && flags.expires === undefined)
      throw new CommandFailure('usage', 'Nothing to change.', 'Give --role or --expires.')
    const grant_id = await findGrantId(sdk, args.workspace, args.grant)
    const grant = await sdk.updateGrant({ workspace_id: args.workspace, grant_id, role: flags.role, expires_at: flags.expires })
    out.result(`${grant.label} has the role ${grant.role}.`, grant)
  },
})

export const grantRevoke = command({
  path: ['grant', 'revoke'],
  summary: 'Take a grant away: the next request is refused.',
  mutates: true,
  args: { workspace: workspaceArgument, grant: grantArgument },
  async run({ args, sdk, out, dryRun }) {
    const grant_id = await findGrantId(sdk, args.workspace, args.grant)
    const answer: unknown = await sdk.revokeGrant({ workspace_id: args.workspace, grant_id })
    out.result(dryRun ? '' : `Revoked ${grant_id}.`, answer ?? undefined)
  },
})

async function findGrantId(sdk: Client, workspaceId: string, word: string): Promise<string> {
  const found: string[] = []
  for await (const grant of sdk.listGrants({ workspace_id: workspaceId, limit: 1000 })) {
    if ([grant.id, grant.subject_id, grant.label].includes(word)) found.push(grant.id)
  }
  const [id, second] = found
  if (second !== undefined)
    throw new CommandFailure('usage', `Several grants are for "${word}".`, `Give one of the ids: ${found.join(', ')}.`)
  if (id !== undefined) return id
  if (isUuid(word)) return word
  throw new CommandFailure('notFound', `There is no grant for "${word}".`, 'freehold grant list WORKSPACE shows them.')
}
