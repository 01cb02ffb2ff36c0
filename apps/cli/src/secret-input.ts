import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { CommandFailure } from './framework/failure.ts'

/** Standard input up to its end, without white space around it. */
export async function readSecretFromInput(): Promise<string> {
  return notEmpty(await readInput())
}

/** Standard input up to its end, as it is. */
export async function readInput(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
  return text
}

/** Asks on the terminal; nothing of what is typed appears. */
export async function askSecret(question: string, signal: AbortSignal): Promise<string> {
  return notEmpty(await askHidden(question, signal))
}

/** Same, of any text. */
export async function askHidden(question: string, signal: AbortSignal): Promise<string> {
  process.stderr.write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  // The terminal is in raw mode here, so Ctrl-C is a key and no signal.
  const interrupted = new Promise<never>((_, reject) =>
    terminal.once('SIGINT', () => reject(new CommandFailure('interrupted', 'Interrupted.'))),
  )
  try {
    return await Promise.race([terminal.question('', { signal }), interrupted])
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}

function notEmpty(text: string): string {
  const secret = text.trim()
  if (secret === '') throw new CommandFailure('usage', 'The token is empty.')
  if (/\s/.test(secret)) throw new CommandFailure('usage', 'The token has white space in it.')
  return secret
}
