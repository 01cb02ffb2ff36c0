import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { ObjectStore } from '../object-store.ts'
import type { S3Options } from '../s3/s3-options.ts'

/** How a store is opened, by this process or another. */
export type Opening = { directory: string } | S3Options
export type Task = { opening: Opening; key: string; uploadId?: string; size: number }

export async function open(opening: Opening): Promise<ObjectStore> {
  if ('directory' in opening) return (await import('../local/create-local-objects.ts')).createLocalObjects(opening)
  return (await import('../s3/index.ts')).createS3Objects(opening)
}

/** Starts `put`, `append` or `measure` (see worker.ts) in a process of its own; `next` waits for a message of it. */
export function startOther(name: 'put' | 'append' | 'measure', task: Task) {
  const child: ChildProcess = fork(new URL('worker.ts', import.meta.url), [name, JSON.stringify(task)])
  const messages: unknown[] = []
  let wake = () => undefined as void
  child.on('message', (message) => {
    messages.push(message)
    wake()
  })
  child.on('exit', () => wake())
  return {
    async next<Message>(): Promise<Message> {
      while (messages.length === 0) {
        if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode} and no word`)
        await new Promise<void>((resolve) => (wake = resolve))
      }
      return messages.shift() as Message
    },
    async kill(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
