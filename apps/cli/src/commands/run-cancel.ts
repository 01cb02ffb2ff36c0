import { command } from '../framework/command.ts'
import { runArgument } from '../resources.ts'
import { showRun } from '../run-record.ts'

export const runCancel = command({
  path: ['run', 'cancel'],
  summary: 'Cancel a run that has not succeeded.',
  description: 'Undoes what the run has made and deletes the workspace. Its slug is never used again.',
  mutates: true,
  args: { run: runArgument },

  async run({ args, sdk, out }) {
    showRun(out, await sdk.cancelRun({ run_id: args.run }))
  },
})
