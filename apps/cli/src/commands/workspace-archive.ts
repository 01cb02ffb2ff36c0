import { command } from '../framework/command.ts'
import { workspaceArgument } from '../resources.ts'

export const workspaceArchive = command({
  path: ['workspace', 'archive'],
  summary: 'Archive a workspace: it keeps its data and answers only its detail, audit, export and restore.',
  mutates: true,
  args: { workspace: workspaceArgument },
  async run({ args, sdk, out }) {
    const workspace = await sdk.archiveWorkspace({ workspace_id: args.workspace })
    out.result(`${workspace.slug} is archived.`, workspace)
  },
})

export const workspaceRestore = command({
  path: ['workspace', 'restore'],
  summary: 'Restore an archived workspace as it was.',
  mutates: true,
  args: { workspace: workspaceArgument },
  async run({ args, sdk, out }) {
    const workspace = await sdk.restoreWorkspace({ workspace_id: args.workspace })
    out.result(`${workspace.slug} is ${workspace.status}.`, workspace)
  },
})
