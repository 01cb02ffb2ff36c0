import { type Command, type Flag, toKebab } from './command.ts'
import { flagsOf, globalFlags, isGroup, usageLine } from './parse.ts'
import { renderTable } from './table.ts'

const exitCodeHelp = [
  ['0', 'done'],
  ['1', 'failed: the server, the network, a run, a chain that does not verify'],
  ['2', 'wrong usage, or values that the API refuses'],
  ['3', 'no valid credential'],
  ['4', 'you may not do this'],
  ['5', 'not found, or you may not read it'],
  ['6', 'conflict: taken, changed meanwhile, or not possible in this state'],
  ['7', 'limited: a plan limit, too many requests, or a frozen workspace'],
  ['127', 'freehold run: the command is missing'],
  ['130', 'interrupted'],
] as const

const environmentHelp = [
  ['FREEHOLD_URL', 'where Freehold is; the flag wins'],
  ['FREEHOLD_TOKEN', 'credential; the flag wins'],
  ['XDG_CONFIG_HOME', 'where freehold/config.json is kept, ~/.config unless set'],
  ['NO_COLOR', 'no colours'],
] as const

/** Help for one command, for a group of commands, or, with an empty path, for all. */
export function renderHelp(path: readonly string[], commands: readonly Command[]): string | undefined {
  const command = commands.find((it) => it.path.length === path.length && it.path.every((word, index) => word === path[index]))
  const members = commands.filter((it) => path.length === 0 || isGroup(path, [it]))
  if (command && members.length === 0) return commandHelp(command)
  if (members.length === 0) return undefined
  const list = section(
    'Commands',
    members.map((it) => [it.path.join(' '), it.summary]),
  )
  if (command) return `${commandHelp(command)}\n\n${list}`
  if (path.length > 0) return `${list}\n\nfreehold ${path.join(' ')} COMMAND --help tells more.`
  return [
    'freehold: workspaces, access, lifecycle and audit from the command line.\n\nUsage: freehold COMMAND [flags]\n       freehold --version',
    list,
    section('Flags of every command', flagRows(Object.entries(globalFlags))),
    section('Environment', environmentHelp),
    section('Exit codes', exitCodeHelp),
    'Results go to standard output, everything else to standard error.\nfreehold COMMAND --help tells more.',
  ].join('\n\n')
}

function commandHelp(command: Command): string {
  const args = Object.entries(command.args).map(([name, argument]) => [toKebab(name).toUpperCase(), argument.description] as const)
  return [
    command.summary,
    ...(command.description ? [command.description] : []),
    `Usage: ${usageLine(command)}`,
    ...(args.length > 0 ? [section('Arguments', args)] : []),
    section('Flags', flagRows([...flagsOf(command), ...Object.entries(globalFlags)])),
    ...(command.examples ? [`Examples\n${command.examples.map((example) => `  ${example}`).join('\n')}`] : []),
  ].join('\n\n')
}

function flagRows(flags: readonly (readonly [string, Flag<unknown>])[]): (readonly [string, string])[] {
  return flags.map(([name, flag]) => [`--${name}${flag.placeholder ? ` ${flag.placeholder}` : ''}`, flag.description])
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  const lines = renderTable(['', ''], rows).split('\n')
  return `${title}\n${lines.map((line) => `  ${line}`).join('\n')}`
}
