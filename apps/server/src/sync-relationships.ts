import { createSpiceDb, type SpiceDb } from '@freehold/authz/spicedb'
import { type Database, openDatabase, openOwnerReads, StartupError, startEmbeddedPostgres } from '@freehold/db'
import { compareWithSpiceDb, isKeeping, startKeeping, stopKeeping } from '@freehold/hub'
import { systemClock as clock } from '@freehold/kit'
import { installJobs } from '@freehold/workflow'
import { parseArgs } from 'node:util'
import { readConfig } from './config.ts'
import { prepareDataDirectory } from './data-directory.ts'

type Print = (line: string) => void

// Reading a page takes longer than a decision may.
const timeoutMs = 30_000

/**
 * Gives SpiceDB all relationships, or repairs what differs; `--check` only tells, `--stop` goes back to deciding in process.
 * Answers the exit code: 1 where `--check` found a difference. Needs the server's environment.
 */
export async function runAuthzSync(args: string[], env: Record<string, string | undefined>, print: Print): Promise<0 | 1> {
  const { check = false, stop = false } = parseArgs({ args, options: { check: { type: 'boolean' }, stop: { type: 'boolean' } } }).values
  const config = readConfig([], env, env['INIT_CWD'] ?? process.cwd())!
  const { spicedb: settings } = config
  if (settings === null && !stop) throw new StartupError('Set FREEHOLD_SPICEDB and FREEHOLD_SPICEDB_TOKEN, as for the server.')
  if (config.databaseUrl === null) prepareDataDirectory(config.dataDir)
  const postgres =
    config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: config.dataDir, onProgress: () => undefined }) : null
  try {
    const url = config.databaseUrl ?? postgres!.url
    const database = await openDatabase({ url, appUrl: config.appDatabaseUrl ?? undefined, further: installJobs })
    try {
      if (stop || settings === null) return await stopSync(database, print)
      const spicedb = createSpiceDb({ ...settings, timeoutMs })
      try {
        return await sync(database, spicedb, { url, check, print })
      } finally {
        spicedb.close()
      }
    } finally {
      await database.close()
    }
  } finally {
    await postgres?.stop()
  }
}

async function stopSync({ writes }: Database, print: Print): Promise<0> {
  await stopKeeping({ writes })
  print('Relationships are no longer kept for SpiceDB. Start the servers without FREEHOLD_SPICEDB.')
  return 0
}

async function sync({ reads, writes }: Database, spicedb: SpiceDb, options: { url: string; check: boolean; print: Print }): Promise<0 | 1> {
  const { url, check, print } = options
  const schema = await spicedb.compareSchema()
  if (check && schema !== 'same') print(schema === 'none' ? 'SpiceDB is empty.' : 'SpiceDB has another schema.')
  if (check && schema === 'none') return 1
  if (!check && schema !== 'same') await spicedb.writeSchema()
  if (!check && !(await isKeeping({ reads }))) await startKeeping({ reads, writes, clock })
  const owner = await openOwnerReads(url)
  try {
    const { compared, missing, extra, waiting } = await compareWithSpiceDb({ owner, writes, spicedb, clock }, { repair: !check })
    print(`Compared ${compared} relationships. ${waiting} wait to be delivered.`)
    if (check) print(`${missing} are missing or differ in SpiceDB, ${extra} are there and should not be.`)
    else print(`${missing} were written to SpiceDB, ${extra} deleted from it.`)
    return check && (schema !== 'same' || missing + extra > 0) ? 1 : 0
  } finally {
    await owner.close()
  }
}
