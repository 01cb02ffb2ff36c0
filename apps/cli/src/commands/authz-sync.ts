import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { command, toggle } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'

/** Part of the server, and run as a program of its own: the command line has no way to the database. */
const program = fileURLToPath(new URL('../../../server/src/authz-sync.ts', import.meta.url))

export const authzSync = command({
  path: ['authz', 'sync'],
  summary: 'Give SpiceDB all relationships, and repair what differs.',
  description:
    "For whoever runs the server, on the server's machine and in its environment: DATABASE_URL, FREEHOLD_SPICEDB, FREEHOLD_SPICEDB_TOKEN.\nRun it before the first start with SpiceDB, and after SpiceDB has lost or regained data. Servers may run meanwhile.",
  examples: ['freehold authz sync --check', 'freehold authz sync'],
  offline: true,
  flags: {
    check: toggle('Change nothing; exit code 1 if anything differs'),
    stop: toggle('Keep nothing for SpiceDB any more; servers then decide by themselves'),
  },

  async run({ flags, signal }) {
    const args = [...(flags.check ? ['--check'] : []), ...(flags.stop ? ['--stop'] : [])]
    const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit', signal })
    child.on('error', () => undefined) // By the signal: what it means is said by whoever sent it.
    const [code] = (await once(child, 'close')) as [number | null]
    if (code === 0) return
    throw new CommandFailure('failed', flags.check ? 'SpiceDB differs, or could not be compared.' : 'SpiceDB was not brought up to date.')
  },
})
