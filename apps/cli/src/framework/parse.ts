import { closest } from './closest.ts'
import { type Command, type Flag, type GivenFlags, text, toggle, toKebab } from './command.ts'
import { CommandFailure } from './failure.ts'

/** Flags of every command. */
export const globalFlags = {
  url: text('URL', 'Where Freehold is'),
  token: text('TOKEN', 'Credential; - reads it from standard input'),
  json: toggle("The API's JSON on standard output; a list as an array"),
  help: toggle('Show this'),
}
export const dryRunFlag = toggle('Check everything and say what would happen, but change nothing')

export type Parsed =
  | { kind: 'run'; command: Command; words: string[]; given: GivenFlags; rest: string[] }
  | { kind: 'help'; path: string[] }
  | { kind: 'version' }

/** Tells command, words and flags apart. Flags may stand anywhere behind the command's words, the global ones before them too. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): Parsed {
  const words: string[] = []
  const given: GivenFlags = {}
  let command: Command | undefined
  const behindDashes: string[] = []
  let onlyWords = false
  const rest = argv[Symbol.iterator]()

  for (const token of rest) {
    if (onlyWords && command?.rest !== undefined) behindDashes.push(token)
    else if (onlyWords || token === '-' || !token.startsWith('-')) {
      words.push(token)
      // The longest that fits: `run` is a command, and `run get` another.
      command = commands.find((it) => it.path.length === words.length && it.path.every((part, index) => part === words[index])) ?? command
    } else if (token === '--') onlyWords = true
    else if (!command && (token === '--version' || token === '-v')) return { kind: 'version' }
    else readFlag(token, command, given, () => rest.next().value)
  }

  if (!command) {
    if (words.length === 0) return { kind: 'help', path: [] }
    if (given.help && isGroup(words, commands)) return { kind: 'help', path: words }
    throw unknownCommand(words, commands)
  }
  if (given.help) return { kind: 'help', path: [...command.path] }
  const behind = words.slice(command.path.length)
  checkWords(command, behind)
  return { kind: 'run', command, words: behind, given, rest: behindDashes }
}

export function flagsOf(command: Command | undefined): Map<string, Flag<unknown>> {
  const flags = new Map<string, Flag<unknown>>()
  for (const [name, flag] of Object.entries(command?.flags ?? {})) flags.set(toKebab(name), flag)
  if (command?.mutates) flags.set('dry-run', dryRunFlag)
  return flags
}

function readFlag(token: string, command: Command | undefined, given: GivenFlags, next: () => string | undefined): void {
  const [written = '', ...parts] = (token === '-h' ? '--help' : token).split('=')
  const inline = parts.length > 0 ? parts.join('=') : undefined
  const known = new Map([...flagsOf(command), ...Object.entries(globalFlags)])
  const name = written.slice(2)
  const flag = written.startsWith('--') ? known.get(name) : undefined
  if (!flag) {
    const meant = closest(
      written,
      [...known.keys()].map((it) => `--${it}`),
    )
    const where = command ? `freehold ${command.path.join(' ')} --help shows its flags.` : 'The flags of a command stand behind it.'
    throw new CommandFailure('usage', `Unknown flag ${written}.`, meant ? `Did you mean ${meant}?` : where)
  }
  if (flag.placeholder === undefined) {
    if (inline !== undefined) throw new CommandFailure('usage', `${written} takes no value.`)
    given[name] = true
    return
  }
  const value = inline ?? next()
  if (value === undefined) throw new CommandFailure('usage', `${written} needs a value: ${written} ${flag.placeholder}.`)
  given[name] = value
}

function checkWords(command: Command, words: readonly string[]): void {
  const args = Object.entries(command.args)
  const missing = args.slice(words.length).find(([, argument]) => argument.required)
  const usage = `Usage: ${usageLine(command)}`
  if (missing) throw new CommandFailure('usage', `${toKebab(missing[0]).toUpperCase()} is missing.`, usage)
  const extra = words[args.length]
  if (extra !== undefined) throw new CommandFailure('usage', `"${extra}" is one word too many.`, usage)
}

export function usageLine(command: Command): string {
  const args = Object.entries(command.args).map(([name, argument]) => {
    const shown = toKebab(name).toUpperCase()
    return argument.required ? shown : `[${shown}]`
  })
  return ['freehold', ...command.path, ...args, '[flags]', ...(command.rest === undefined ? [] : [`-- ${command.rest}`])].join(' ')
}

export function isGroup(words: readonly string[], commands: readonly Command[]): boolean {
  return commands.some((it) => it.path.length > words.length && words.every((word, index) => it.path[index] === word))
}

function unknownCommand(words: readonly string[], commands: readonly Command[]): CommandFailure {
  const typed = words.join(' ')
  if (isGroup(words, commands)) {
    const subcommands = commands.filter((it) => isGroup(words, [it])).map((it) => it.path[words.length])
    return new CommandFailure('usage', `freehold ${typed} needs one more word: ${subcommands.join(', ')}.`)
  }
  // Only as many words as a command has can name it; the rest would be its arguments.
  const meant = [2, 1]
    .map((length) =>
      closest(
        words.slice(0, length).join(' '),
        commands.map((it) => it.path.join(' ')),
      ),
    )
    .find(Boolean)
  const groups = [...new Set(commands.map((it) => it.path[0] ?? ''))]
  const guess = meant ?? closest(words[0] ?? '', groups)
  return new CommandFailure(
    'usage',
    `There is no command "${typed}".`,
    guess ? `Did you mean freehold ${guess}?` : 'freehold help lists them all.',
  )
}
