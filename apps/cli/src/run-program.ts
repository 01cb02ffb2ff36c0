import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CommandFailure } from './framework/failure.ts'

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const

/**
 * Runs a program in place of this process, as far as one can: it has our input and output, is sent our signals, and its exit code is
 * answered. Where a signal ended it, we end by the same.
 */
export function runProgram(program: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    // From here on the program decides what a signal means; what would end this process at the first one is taken off.
    const handlers = forwarded.map((signal) => {
      process.removeAllListeners(signal)
      const handler = () => {
        // A terminal has sent its own signals to the program already: it is in the same group.
        const isFromTerminal = process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT' || signal === 'SIGWINCH')
        if (!isFromTerminal) child.kill(signal)
      }
      process.on(signal, handler)
      return [signal, handler] as const
    })
    const child = spawn(program, [...words], { stdio: 'inherit', env })
    const letGo = () => handlers.forEach(([signal, handler]) => process.off(signal, handler))
    child.once('error', (error: NodeJS.ErrnoException) => {
      letGo()
      reject(startFault(program, error))
    })
    child.once('exit', (code, signal) => {
      letGo()
      if (signal === null) return resolve(code ?? 1)
      process.kill(process.pid, signal)
      // Only where that signal does not end us.
      resolve(128 + constants.signals[signal])
    })
  })
}

/** Of the error only its code is told: Node's own text repeats the whole command line. */
function startFault(program: string, { code }: NodeJS.ErrnoException): CommandFailure {
  if (code === 'ENOENT') return new CommandFailure('notRunnable', `There is no command "${program}".`, 'Is it installed, and on the PATH?')
  if (code === 'EACCES') return new CommandFailure('notRunnable', `"${program}" may not be run.`, 'Is it a program, and executable?')
  if (code === 'E2BIG')
    return new CommandFailure('failed', 'The secrets are too large for environment variables.', 'Read them in the program.')
  return new CommandFailure('failed', `"${program}" could not be started (${code ?? 'unknown'}).`)
}
