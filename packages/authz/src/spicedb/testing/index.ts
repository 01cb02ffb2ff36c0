import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { SpiceDbOptions } from '../connection.ts'

export type SpiceDbServer = SpiceDbOptions & {
  /** Stops it from answering, and from anything else, without closing a connection; then lets it go on. */
  freeze(): void
  thaw(): void
  /** Ends it at once. It keeps its data in memory, so what starts again on the same port is empty. */
  kill(): Promise<void>
  startAgain(): Promise<void>
}

const program = fileURLToPath(new URL('./serve.ts', import.meta.url))

/** A real SpiceDB in a process of its own, on loopback, with its data in memory. It ends with the process that started it. */
export async function startSpiceDb(): Promise<SpiceDbServer> {
  const token = 'a token for tests'
  let { child, port } = await launch('0', token)
  return {
    endpoint: `127.0.0.1:${port}`,
    token,
    tls: 'off',
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async kill() {
      const gone = once(child, 'exit')
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await gone
    },
    async startAgain() {
      ;({ child, port } = await launch(String(port), token))
    },
  }
}

async function launch(port: string, token: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(program, [port, token], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] })
  const [listening] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`SpiceDB ended with ${String(code)} before it listened`)
    }),
  ])) as [{ port: number }]
  return { child, port: listening.port }
}
