import { setTimeout as delay } from 'node:timers/promises'
import { startServer, ServerStartError } from './server-process.ts'
import type { RunningServer, ServerSettings } from './server-process.ts'

export type Supervised = { pid(): number; stop(): Promise<void>; onExit(listener: (why: string) => void): void }

const maxFailures = 7
const shortLifeMs = 1_000
const maxPauseMs = 5_000
const stopStages: [NodeJS.Signals, number][] = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
]

/**
 * Starts the server and keeps it running on its port: when it ends unasked it is started again, with growing pauses. After
 * seven failures in a row (no start, or a life under a second) it is given up and the listeners hear why. A full disk
 * does not count: it is waited out.
 */
export async function supervise(settings: ServerSettings, report: (line: string) => void): Promise<Supervised> {
  const stopping = new AbortController()
  const start = () => startServer(settings, { report, signal: stopping.signal })
  const listeners: ((why: string) => void)[] = []
  let gaveUp: string | undefined
  let failures = 0
  let server: RunningServer | undefined = await start()
  let lastPid = server.pid

  // An orderly end of this process. Where children cannot be told of our death, also the only one they hear of.
  const stopWithProcess = () => server?.kill('SIGINT')
  process.once('exit', stopWithProcess)
  const trimming = setInterval(() => settings.log.trim(), 60_000).unref()

  async function keepRunning() {
    while (server) {
      lastPid = server.pid
      const readyAt = performance.now()
      const exit = await server.exited
      server = undefined
      if (stopping.signal.aborted) return
      report(`PostgreSQL ended unexpectedly (${exit.signal ?? `exit code ${exit.code}`}): starting it again`)
      failures = performance.now() - readyAt < shortLifeMs ? failures + 1 : 0
      server = await restart()
    }
  }

  async function restart() {
    let why = `PostgreSQL ended ${maxFailures} times within a second of its start. Its log is ${settings.log.path}`
    for (let attempt = failures; failures < maxFailures; attempt++) {
      const pauseMs = attempt === 0 ? 0 : Math.min(maxPauseMs, 50 * 2 ** attempt)
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return undefined
      try {
        return await start()
      } catch (error) {
        why = error instanceof Error ? error.message : String(error)
        if (!(error instanceof ServerStartError && error.reason === 'disk_full')) failures++
        report(why)
      }
    }
    gaveUp = why
    for (const listener of listeners) listener(why)
    return undefined
  }

  const running = keepRunning()

  async function stop() {
    process.off('exit', stopWithProcess)
    clearInterval(trimming)
    stopping.abort()
    for (const [signal, patienceMs] of stopStages) {
      server?.kill(signal)
      if (await endsWithin(running, patienceMs)) return
    }
  }

  return {
    pid: () => server?.pid ?? lastPid,
    stop,
    onExit: (listener) => {
      if (gaveUp === undefined) listeners.push(listener)
      else listener(gaveUp)
    },
  }
}

async function endsWithin(running: Promise<void>, patienceMs: number) {
  const timer = new AbortController()
  const late = delay(patienceMs, false, { signal: timer.signal }).catch(() => false)
  const ended = await Promise.race([running.then(() => true), late])
  timer.abort()
  return ended
}
