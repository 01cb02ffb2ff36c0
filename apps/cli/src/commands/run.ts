import { command, optional, text } from '../framework/command.ts'
import { CommandFailure, ProgramEnded } from '../framework/failure.ts'
import { findWorkspaceId } from '../resources.ts'
import { runProgram } from '../run-program.ts'

export const run = command({
  path: ['run'],
  summary: 'Run a command with the secrets of an environment in its environment variables.',
  description:
    "Values are read once, at the start; nothing is written to disk. They win over variables of the same name. Signals go to the command, and its exit code is this one's.",
  examples: ['freehold run acme --env staging -- npm start', 'freehold run --env prod -- sh -c \'psql "$DATABASE_URL"\''],
  args: { workspace: optional("Workspace slug or id; left out, the credential's own workspace") },
  flags: { env: text('SLUG', 'Environment; left out, what all environments share') },
  rest: 'COMMAND [ARGUMENTS]',
  async run({ args, flags, rest, sdk }) {
    const [program, ...words] = rest
    if (program === undefined || program === '') {
      throw new CommandFailure(
        'usage',
        'The command to run is missing.',
        'Write it behind two dashes: freehold run --env staging -- npm start',
      )
    }
    const workspaceId = args.workspace === undefined ? (await sdk.getMe()).workspace_id : await findWorkspaceId(sdk, args.workspace)
    if (workspaceId === null) {
      throw new CommandFailure(
        'usage',
        'Which workspace? This credential is not bound to one.',
        'Name it: freehold run WORKSPACE --env staging -- COMMAND',
      )
    }
    const { values } = await sdk.resolveSecrets({ workspace_id: workspaceId, environment: flags.env })
    throw new ProgramEnded(await runProgram(program, words, { ...process.env, ...values }))
  },
})
