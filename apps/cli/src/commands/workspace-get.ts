import { command } from '../framework/command.ts'
import { workspaceArgument } from '../resources.ts'
import { showWorkspace } from '../workspace-record.ts'

export const workspaceGet = command({
  path: ['workspace', 'get'],
  summary: 'Show a workspace.',
  args: { workspace: workspaceArgument },

  async run({ args, sdk, out }) {
    showWorkspace(out, await sdk.getWorkspace({ workspace_id: args.workspace }))
  },
})
