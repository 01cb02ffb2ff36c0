import { command, text } from '../framework/command.ts'
import { workspaceArgument } from '../resources.ts'

export const workspaceUnfreeze = command({
  path: ['workspace', 'unfreeze'],
  summary: 'Let a frozen workspace write again.',
  mutates: true,
  args: { workspace: workspaceArgument },
  flags: { reason: text('TEXT', 'For the audit trail, at most 200 characters') },

  async run({ args, flags, sdk, out }) {
    const workspace = await sdk.setWorkspaceStatus({ workspace_id: args.workspace, status: 'active', reason: flags.reason })
    out.result(`${workspace.slug} takes writes again.`, workspace)
  },
})
