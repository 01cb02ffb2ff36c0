import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// Half of the time that a command takes is compiling. In the user's own folder: what lies in a shared one could be someone else's code.
enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'freehold', 'compiled'))
const [{ commands }, { runCli }] = await Promise.all([import('./commands/index.ts'), import('./framework/run-cli.ts')])

// Whoever reads our output has stopped reading, as `head` does: there is nobody left to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(process.exitCode ?? 0)
  })
}

const interrupt = new AbortController()
process.once('SIGINT', () => interrupt.abort())
process.once('SIGTERM', () => interrupt.abort())

process.exitCode = await runCli(process.argv.slice(2), commands, interrupt.signal)
