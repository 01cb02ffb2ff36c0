import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { StartupError } from '../startup-error.ts'

/** The wanted port or an error; without one (or 0), the previous port when it is free, else any free one. */
export async function choosePort(wanted: number | undefined, previous: number | undefined): Promise<number> {
  if (wanted) {
    if (await isFree(wanted)) return wanted
    throw new StartupError(`Port ${wanted} on 127.0.0.1 is in use: choose another for the embedded PostgreSQL, or leave the choice to it.`)
  }
  if (previous && (await isFree(previous))) return previous
  for (let attempt = 0; attempt < 200; attempt++) {
    // Below the range from which kernels lend ports to outgoing connections, so that a restart finds it free.
    const port = randomInt(20_000, 32_000)
    if (await isFree(port)) return port
  }
  throw new StartupError('No free port between 20000 and 32000 on 127.0.0.1 for the embedded PostgreSQL: set one, or set DATABASE_URL.')
}

function isFree(port: number) {
  return new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}
