import { StartupError } from '@freehold/db'
import { pino } from 'pino'
import { type Config, readConfig, usage } from './config.ts'
import { startServer } from './server.ts'

/** Runs the server from the command line until a signal ends it. */
export async function run(): Promise<void> {
  try {
    await serve()
  } catch (error) {
    if (error instanceof StartupError) fail(error.message)
    fail(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

async function serve(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env, process.env['INIT_CWD'] ?? process.cwd())
  if (config === null) return print(usage)
  const logger = pino(
    { level: config.logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] },
    pino.destination({ dest: 2, sync: true }),
  )
  const server = await startServer(config, { logger, onProgress: print, onFatal: fail })
  announce(config, server)

  // Whoever read our lines has gone (`npm start | head`): that is no reason to go as well.
  process.stdout.on('error', () => undefined)
  let stopping = false
  const stop = () => {
    if (stopping) return process.exit(1)
    stopping = true
    print('Stopping: requests in flight finish first. Press Ctrl-C again to stop at once.')
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(String(error)),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

function announce(config: Config, { url, firstRun }: Awaited<ReturnType<typeof startServer>>): void {
  print(`Freehold ${config.version} is running at ${url}`)
  if (firstRun.setupToken) print(`Set up the first operator: ${url}/setup#token=${firstRun.setupToken}`)
  if (firstRun.tokenFile) print(`The operator's token is in ${firstRun.tokenFile}`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function fail(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(1)
}
