import { command, optional } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { renderHelp } from '../framework/help.ts'

export const help = command({
  path: ['help'],
  summary: 'Show all commands, or one.',
  args: { command: optional('Command or its first word'), subcommand: optional('Its second word') },
  offline: true,

  async run({ args, out, commands }) {
    const path = [args.command, args.subcommand].filter((word) => word !== undefined)
    const text = renderHelp(path, commands)
    if (text === undefined) throw new CommandFailure('usage', `There is no command "${path.join(' ')}".`, 'freehold help lists them all.')
    out.result(text, { help: text })
  },
})
