import { command, text } from '../framework/command.ts'
import { workspaceArgument } from '../resources.ts'

export const workspaceFreeze = command({
  path: ['workspace', 'freeze'],
  summary: 'Freeze a workspace: every write is refused, reads go on.',
  description: 'When it answers, no write is in flight.',
  mutates: true,
  args: { workspace: workspaceArgument },
  flags: { reason: text('TEXT', 'For the audit trail, at most 200 characters') },

  async run({ args, flags, sdk, out }) {
    const workspace = await sdk.setWorkspaceStatus({ workspace_id: args.workspace, status: 'frozen', reason: flags.reason })
    out.result(`${workspace.slug} is frozen.`, workspace)
  },
})
