import { type Database, findServedPostgres, openDatabase, openOwnerReads, StartupError, startEmbeddedPostgres } from '@freehold/db'
import { countUnderRootKeys, createRootKeys, createWorkspaceKeys, rotateRootKey, rotateWorkspaceKey } from '@freehold/hub'
import { isUuid, systemClock as clock } from '@freehold/kit'
import { installJobs } from '@freehold/workflow'
import { parseArgs } from 'node:util'
import { type Config, readConfig } from './config.ts'
import { prepareDataDirectory } from './data-directory.ts'
import { resealers } from './resealers.ts'
import { createRootKeySources } from './root-key.ts'
import { createSigningKey } from './signing-key.ts'

type Print = (line: string) => void
type Opened = Awaited<ReturnType<typeof open>>

/**
 * `status`, `rotate-root`, or `rotate-workspace <id>`; `--batch` says how many rows a transaction takes. Answers the exit code. Needs the
 * server's environment; servers may work meanwhile.
 */
export async function runKeys(args: string[], env: Record<string, string | undefined>, print: Print): Promise<0 | 1> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { batch: { type: 'string', default: '200' } } })
  const batch = Number(values.batch)
  if (!Number.isInteger(batch) || batch < 1) throw new StartupError('--batch takes a number from 1 up.')
  const [verb, workspaceId = ''] = positionals
  const config = readConfig([], env, env['INIT_CWD'] ?? process.cwd())!
  const url = await findDatabase(config)
  try {
    const opened = await open(config, url.url)
    try {
      if (verb === 'status') return await showStatus(opened, print)
      if (verb === 'rotate-root') return await rotateRoot(opened, { batch, print })
      return await rotateWorkspace(opened, { workspaceId, batch, print })
    } finally {
      await opened.close()
    }
  } finally {
    await url.stop()
  }
}

/** The configured database, that of a server which runs, or one started for as long as this takes. */
async function findDatabase({ databaseUrl, dataDir }: Config): Promise<{ url: string; stop(): Promise<void> }> {
  if (databaseUrl === null) prepareDataDirectory(dataDir)
  const url = databaseUrl ?? findServedPostgres(dataDir)
  return url === null ? startEmbeddedPostgres({ dataDir, onProgress: () => undefined }) : { url, stop: async () => undefined }
}

async function open(config: Config, url: string) {
  const database = await openDatabase({ url, appUrl: config.appDatabaseUrl ?? undefined, further: installJobs })
  const owner = await openOwnerReads(url)
  const sources = createRootKeySources(config, createSigningKey(config).seed)
  const logger = { warn: () => undefined, info: () => undefined }
  const roots = createRootKeys({ ...database, sources, clock, logger })
  await roots.start()
  return {
    ...(database satisfies Database),
    owner,
    sources,
    roots,
    clock,
    async close() {
      await roots.stop()
      sources.close()
      await owner.close()
      await database.close()
    },
  }
}

async function showStatus({ roots, owner }: Opened, print: Print): Promise<0 | 1> {
  const { why, versions } = roots.status()
  const counts = await countUnderRootKeys(owner)
  for (const [index, { version, createdAt, kms, isHeld }] of versions.entries()) {
    const { workspaceKeys = 0, authenticators = 0 } = counts.get(version) ?? {}
    const words = [isHeld ? 'at hand' : 'missing', ...(kms ? [`wrapped by ${kms}`] : []), ...(index > 0 ? ['being rotated away'] : [])]
    print(`Root key version ${version} of ${createdAt.toISOString().slice(0, 10)}: ${words.join(', ')}.`)
    print(`  Under it: ${workspaceKeys} data keys of workspaces, ${authenticators} authenticator apps.`)
  }
  if (why !== null) print(`Sealed. ${why}`)
  return why === null ? 0 : 1
}

async function rotateRoot(opened: Opened, { batch, print }: { batch: number; print: Print }): Promise<0> {
  const version = await rotateRootKey(opened, { batch, onProgress: print })
  print(`Everything is under root key version ${version}; no older one opens anything.`)
  return 0
}

type Rotation = { workspaceId: string; batch: number; print: Print }

async function rotateWorkspace(opened: Opened, { workspaceId, batch, print }: Rotation): Promise<0 | 1> {
  if (!isUuid(workspaceId)) throw new StartupError('Name the workspace by its id.')
  const { sealed, why } = opened.roots.status()
  if (sealed) throw new StartupError(why ?? 'The root key could not be had.')
  const keys = createWorkspaceKeys(opened.roots)
  const version = await rotateWorkspaceKey({ ...opened, keys, resealers }, workspaceId, { batch, onProgress: print })
  if (version === null) print('This workspace has nothing sealed, or does not exist.')
  else print(`Everything of the workspace is under version ${version} of its data key; older versions are gone.`)
  return version === null ? 1 : 0
}
