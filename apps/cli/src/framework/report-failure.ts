import { FreeholdError } from '@freehold/sdk'
import { CommandFailure, type ExitCode, exitCodeOf, exitCodes } from './failure.ts'
import { printable } from './table.ts'

/** Says on standard error what went wrong and what to do next; with --json in one line of JSON. Answers the exit code. */
export function reportFailure(error: unknown, json: boolean, interrupted: boolean): ExitCode {
  if (interrupted) return exitCodes.interrupted
  const { exitCode, problem, lines } = describe(error)
  process.stderr.write(json ? `${JSON.stringify(problem)}\n` : `${lines.map(printable).join('\n')}\n`)
  return exitCode
}

type Description = { exitCode: ExitCode; problem: object; lines: string[] }

function describe(error: unknown): Description {
  if (error instanceof CommandFailure) {
    const { message, hint, exitCode } = error
    return {
      exitCode,
      problem: { code: codeOf(exitCode), title: message, detail: hint ?? '' },
      lines: [`Error: ${message}`, ...(hint ? [hint] : [])],
    }
  }
  if (error instanceof FreeholdError) return describeRefusal(error)
  // A fault of this program: where it happened is all that helps.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { exitCode: exitCodes.failed, problem: { code: 'internal', title: text, detail: '' }, lines: text.split('\n') }
}

function describeRefusal(error: FreeholdError): Description {
  const { status, code, title, detail, requestId, errors, members } = error
  const lines = [`Error: ${error.message}`, ...errors.map(({ pointer, message }) => `  ${pointer}: ${message}`)]
  if (code === 'unauthenticated') lines.push('freehold login signs in.')
  if (requestId !== undefined) lines.push(`Request ${requestId}`)
  return {
    exitCode: exitCodeOf(error),
    problem: {
      status,
      code,
      title,
      detail,
      ...(requestId !== undefined && { request_id: requestId }),
      ...(errors.length > 0 && { errors }),
      ...members,
    },
    lines,
  }
}

function codeOf(exitCode: ExitCode): string {
  return Object.entries(exitCodes).find(([, code]) => code === exitCode)?.[0] ?? 'failed'
}
