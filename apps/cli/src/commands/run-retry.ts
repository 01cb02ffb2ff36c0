import { command, toggle } from '../framework/command.ts'
import { runArgument } from '../resources.ts'
import { followRun, requireSuccess } from '../run-progress.ts'
import { showRun } from '../run-record.ts'

export const runRetry = command({
  path: ['run', 'retry'],
  summary: 'Retry a failed or stalled run.',
  mutates: true,
  args: { run: runArgument },
  flags: { wait: toggle('Show the steps until it ends; exit code 1 if it fails') },

  async run({ args, flags, sdk, out, dryRun, connect, signal }) {
    showRun(out, await sdk.retryRun({ run_id: args.run }))
    if (flags.wait && !dryRun) requireSuccess(await followRun({ connect, signal }, args.run))
  },
})
