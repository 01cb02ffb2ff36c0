import { createFreehold } from '@freehold/sdk'
import manifest from '../../package.json' with { type: 'json' }
import { findCredentials } from '../credentials.ts'
import type { Command, GivenFlags, Session } from './command.ts'
import { CommandFailure, exitCodes, ProgramEnded } from './failure.ts'
import { renderHelp } from './help.ts'
import { createOutput } from './output.ts'
import { parseCommandLine } from './parse.ts'
import { reportFailure } from './report-failure.ts'

/** Runs one command line to its end and answers the exit code. */
export async function runCli(argv: readonly string[], commands: readonly Command[], signal: AbortSignal): Promise<number> {
  try {
    const parsed = parseCommandLine(argv, commands)
    if (parsed.kind === 'version') process.stdout.write(`${manifest.version}\n`)
    else if (parsed.kind === 'help') process.stdout.write(`${renderHelp(parsed.path, commands)}\n`)
    else
      await parsed.command.execute(
        () => openSession(parsed.command, parsed.given, { commands, signal }),
        parsed.words,
        parsed.given,
        parsed.rest,
      )
    return signal.aborted ? exitCodes.interrupted : exitCodes.ok
  } catch (error) {
    if (error instanceof ProgramEnded) return error.exitCode
    return reportFailure(error, argv.includes('--json'), signal.aborted)
  }
}

async function openSession(
  command: Command,
  given: GivenFlags,
  { commands, signal }: Pick<Session, 'commands' | 'signal'>,
): Promise<Session> {
  const flag = (name: string) => (typeof given[name] === 'string' ? given[name] : undefined)
  const dryRun = given['dry-run'] === true
  const session = {
    out: createOutput({ json: given.json === true, dryRun }),
    commands,
    dryRun,
    signal,
    url: flag('url'),
    token: flag('token'),
  }
  if (command.offline) return { ...session, connect: () => refuse() }

  const { url, token, source } = await findCredentials(session)
  if (source === 'operator-token') session.out.note(`Signed in to ${url} by ./.freehold/operator-token.`)
  if (token === undefined) {
    throw new CommandFailure(
      'unauthenticated',
      `No credential for ${url}.`,
      `freehold login --url ${url} signs in; FREEHOLD_TOKEN and --token work too.`,
    )
  }
  const sdk = createFreehold({ url, token, headers: { 'user-agent': `freehold-cli/${manifest.version}` }, defaults: { signal, dryRun } })
  return { ...session, connect: () => sdk }
}

function refuse(): never {
  throw new Error('An offline command has no client.')
}
