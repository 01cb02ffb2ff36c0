import type { Client } from '@freehold/sdk'
import { CommandFailure } from './failure.ts'
import type { Output } from './output.ts'

/** What every command is given. */
export type Session = {
  out: Output
  /** The client of the configured server. */
  connect: () => Client
  /** All of them, for the help. */
  commands: readonly Command[]
  dryRun: boolean
  /** Aborts on Ctrl-C. */
  signal: AbortSignal
  url: string | undefined
  token: string | undefined
}

/** A word behind the command. `resolve` turns it into what the API takes, such as a slug into an id. */
export type Argument<T> = {
  description: string
  required: boolean
  resolve: (word: string, session: Session) => T | Promise<T>
}
/** `placeholder` names the value in the help; a flag without one takes none. `parse` throws UsageFailure. */
export type Flag<T> = {
  description: string
  placeholder?: string
  parse: (value: string | true | undefined) => T
}

type Values<D> = { [K in keyof D]: D[K] extends Argument<infer T> ? T : D[K] extends Flag<infer T> ? T : never }
export type Arguments = Record<string, Argument<unknown>>
export type Flags = Record<string, Flag<unknown>>

type Definition<A, F> = {
  path: readonly string[]
  summary: string
  /** Paragraphs behind the summary in the help. */
  description?: string
  examples?: readonly string[]
  /** Takes a whole command line behind `--`, described here. */
  rest?: string
  /** Changes something, so it takes --dry-run. */
  mutates?: true
  /** Needs neither server nor credential, or finds its own, as login does. */
  offline?: true
  args?: A
  flags?: F
  run: (context: Session & { sdk: Client; args: Values<A>; flags: Values<F>; rest: readonly string[] }) => Promise<void>
}

export type GivenFlags = Record<string, string | true>
export type Command = Omit<Definition<Arguments, Flags>, 'run' | 'args' | 'flags'> & {
  args: Arguments
  flags: Flags
  execute: (openSession: () => Promise<Session>, words: readonly string[], given: GivenFlags, rest: readonly string[]) => Promise<void>
}

/** Declares a command. Arguments come in the order in which they are written here. */
export function command<A extends Arguments = Record<never, never>, F extends Flags = Record<never, never>>(
  definition: Definition<A, F>,
): Command {
  const { run, args = {} as A, flags = {} as F, ...rest } = definition
  return {
    ...rest,
    args,
    flags,
    execute: async (openSession, words, given, behind) => {
      // Flags first: they need neither credential nor server.
      const flagValues = Object.entries(flags).map(([name, flag]) => [name, flag.parse(given[toKebab(name)])])
      const session = await openSession()
      const argValues: [string, unknown][] = []
      for (const [index, [name, argument]] of Object.entries(args).entries()) {
        const word = words[index]
        argValues.push([name, word === undefined ? undefined : await argument.resolve(word, session)])
      }
      await run({
        ...session,
        args: Object.fromEntries(argValues) as Values<A>,
        flags: Object.fromEntries(flagValues) as Values<F>,
        rest: behind,
        get sdk() {
          return session.connect()
        },
      })
    },
  }
}

/** `tenancyModel` is written `--tenancy-model`. */
export function toKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

export const required = (description: string): Argument<string> => ({ description, required: true, resolve: (word) => word })
export const optional = (description: string): Argument<string | undefined> => ({ description, required: false, resolve: (word) => word })

export const toggle = (description: string): Flag<boolean> => ({ description, parse: (value) => value === true })

export const text = (placeholder: string, description: string): Flag<string | undefined> => ({
  description,
  placeholder,
  parse: (value) => (value === true ? undefined : value),
})

export function choice<const T extends string>(values: readonly T[], description: string): Flag<T | undefined> {
  return {
    description,
    placeholder: values.join('|'),
    parse: (value) => {
      if (value === undefined) return undefined
      const found = values.find((it) => it === value)
      if (found === undefined) throw new CommandFailure('usage', `"${value}" is none of ${values.join(', ')}.`)
      return found
    },
  }
}

export function wholeNumber(placeholder: string, fallback: number, description: string): Flag<number> {
  return {
    description: `${description} (${fallback} unless told)`,
    placeholder,
    parse: (value) => {
      if (value === undefined) return fallback
      if (value === true || !/^[1-9]\d{0,8}$/.test(value)) throw new CommandFailure('usage', `"${value}" is no whole number above 0.`)
      return Number(value)
    },
  }
}
