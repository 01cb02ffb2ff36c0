import { command } from '../framework/command.ts'
import { runArgument } from '../resources.ts'
import { showRun } from '../run-record.ts'

export const runGet = command({
  path: ['run', 'get'],
  summary: 'Show a provisioning run and its steps.',
  args: { run: runArgument },

  async run({ args, sdk, out }) {
    showRun(out, await sdk.getRun({ run_id: args.run }))
  },
})
