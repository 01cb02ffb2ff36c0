import { command } from '../framework/command.ts'
import { workspaceArgument } from '../resources.ts'
import { followRun, requireSuccess } from '../run-progress.ts'
import { showWorkspace } from '../workspace-record.ts'

export const workspaceWatch = command({
  path: ['workspace', 'watch'],
  summary: 'Follow the provisioning of a workspace to its end.',
  args: { workspace: workspaceArgument },

  async run({ args, sdk, out, connect, signal }) {
    const before = await sdk.getWorkspace({ workspace_id: args.workspace })
    if (before.provisioning_run_id !== null) requireSuccess(await followRun({ connect, signal }, before.provisioning_run_id))
    showWorkspace(out, await sdk.getWorkspace({ workspace_id: args.workspace }))
  },
})
