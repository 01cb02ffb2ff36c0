import { command } from '../framework/command.ts'
import { runArgument } from '../resources.ts'
import { followRun, requireSuccess } from '../run-progress.ts'
import { showRun } from '../run-record.ts'

export const runWatch = command({
  path: ['run', 'watch'],
  summary: 'Follow a provisioning run to its end; exit code 1 if it fails.',
  args: { run: runArgument },

  async run({ args, out, connect, signal }) {
    const run = await followRun({ connect, signal }, args.run)
    showRun(out, run)
    requireSuccess(run)
  },
})
