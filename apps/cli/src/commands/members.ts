import { type Member, permissions } from '@freehold/contract'
import { command, required, text } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { type Column, shownTime } from '../framework/output.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { workspaceArgument } from '../resources.ts'

const columns: Column<Member>[] = [
  { header: 'NAME', cell: (member) => member.label },
  { header: 'E-MAIL', cell: (member) => member.email ?? '' },
  { header: 'ROLE', cell: (member) => member.role },
  {
    header: 'THROUGH',
    cell: (member) => member.through.map(({ kind, label }) => (kind === 'direct' ? 'grant' : `${kind} ${label}`)).join(', '),
  },
  { header: 'LAST ACTIVE', cell: (member) => shownTime(member.last_active_at) ?? 'Never' },
]

export const memberList = command({
  path: ['member', 'list'],
  summary: 'List everybody who has access to a workspace, by which role and through what.',
  args: { workspace: workspaceArgument },
  flags: { ...listFlags, query: text('TEXT', 'Part of the name or e-mail') },
  async run({ args, flags, sdk, out }) {
    const list = sdk.listMembers({ workspace_id: args.workspace, limit: pageSize(flags), q: flags.query })
    out.list(await takeItems(list, flags, out), columns, 'Nobody has access.')
  },
})

export const explain = command({
  path: ['explain'],
  summary: 'Explain why somebody may, or may not, do something in a workspace.',
  examples: ['freehold explain acme deploy --principal kim@example.com --resource environment:prod'],
  args: { workspace: workspaceArgument, permission: required(`One of ${permissions.workspace.join(', ')}`) },
  flags: {
    principal: text('WHO', 'An e-mail, user:ID or api_key:ID; you unless told'),
    resource: text('WHAT', 'environment:SLUG, or a noun such as api_keys; the workspace unless told'),
  },
  async run({ args, flags, sdk, out }) {
    const permission = permissions.workspace.find((known) => known === args.permission)
    if (!permission) throw new CommandFailure('usage', `"${args.permission}" is none of ${permissions.workspace.join(', ')}.`)
    const told = await sdk.explainAccess({ workspace_id: args.workspace, permission, ...flags })
    const lines = [
      `${told.principal.label} ${told.allowed ? 'may' : 'may not'} ${permission} on ${told.resource.label}${told.role ? `, as ${told.role}` : ''}.`,
      ...told.path.map(
        (step) => `  ${step.resource.kind} ${step.resource.label} - ${step.relation} -> ${step.subject.kind} ${step.subject.label}`,
      ),
      ...told.obstacles.map(({ message, fix }) => `  In the way: ${message} ${fix}`),
      ...told.conditions.map((condition) => `  As long as: ${condition}`),
    ]
    out.result(lines.join('\n'), told)
  },
})

export const workspaceTransfer = command({
  path: ['workspace', 'transfer'],
  summary: 'Hand a workspace to another owner.',
  mutates: true,
  args: { workspace: workspaceArgument, subject: required("The new owner's e-mail or id") },
  flags: { keepRole: text('ROLE', 'Your role from then on: admin, edit, view or none; admin unless told') },
  async run({ args, flags, sdk, out }) {
    const kept = flags.keepRole === 'none' ? null : (['admin', 'edit', 'view'] as const).find((role) => role === flags.keepRole)
    if (flags.keepRole !== undefined && kept === undefined)
      throw new CommandFailure('usage', `"${flags.keepRole}" is none of admin, edit, view, none.`)
    const grant = await sdk.transferOwnership({ workspace_id: args.workspace, subject: args.subject, keep_role: kept })
    out.result(`${grant.label} owns the workspace.`, grant)
  },
})
