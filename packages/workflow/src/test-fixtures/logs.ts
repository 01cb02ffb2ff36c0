import type { Logger } from '../index.ts'

export type Logs = Logger & { messages: string[] }

/** A logger that keeps what it is told. */
export function keepLogs(): Logs {
  const messages: string[] = []
  const log = (_: object, message: string) => {
    messages.push(message)
  }
  return { messages, debug: log, info: log, warn: log, error: log }
}
