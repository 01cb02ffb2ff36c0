import { AppError } from '@freehold/contract'
import { EpochMoved } from '@freehold/db'
import { loadLastingKeys } from './lasting-keys.ts'
import { type LoadDeps, type Loaded, loadRootKeys } from './load-root-keys.ts'
import { holdNewestRootKey } from './queries.ts'
import type { LastingKey, RootKey, RootKeys } from './types.ts'

type Logger = { warn(detail: object, message: string): void; info(message: string): void }
type Deps = LoadDeps & { logger: Logger; retryMs?: { first: number; most: number } }

/** Gets the root keys, and goes on trying while one is missing: nothing has to be started anew once it can be had. */
export type OpenedRootKeys = RootKeys & { start(): Promise<void>; reload(): Promise<void>; stop(): Promise<void> }

export function createRootKeys({ logger, retryMs = { first: 1000, most: 30_000 }, ...deps }: Deps): OpenedRootKeys {
  let loaded: Loaded = { rows: [], held: new Map(), why: 'The root key has not been asked for yet.', isFresh: false }
  let lasting = new Map<string, Buffer>()
  let loading: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let delayMs = retryMs.first
  let stopped = false
  const listeners: (() => void)[] = []

  async function load(): Promise<void> {
    const before = loaded
    try {
      const next = await loadRootKeys(deps, loaded.held)
      lasting = await loadLastingKeys(deps, next)
      loaded = next
    } catch (error) {
      const held = loaded.held.size > 0
      loaded = { ...loaded, why: `The root key could not be asked for. ${error instanceof Error ? error.message : String(error)}` }
      if (held) logger.warn({ err: error }, 'the root keys could not be read again')
    }
    if (loaded.why !== before.why) tell(before.why)
    if (versionsOf(loaded) !== versionsOf(before)) for (const listener of listeners) listener()
    schedule()
  }

  function tell(before: string | null): void {
    if (loaded.why !== null) logger.warn({ why: loaded.why }, 'sealed: a root key is missing; trying again')
    else if (before !== null) logger.info('unsealed')
  }

  function schedule(): void {
    clearTimeout(timer)
    if (loaded.why === null) delayMs = retryMs.first
    if (stopped) return
    // Also while nothing is missing: a version may have come, or one been retired, whose key is then no longer held here.
    timer = setTimeout(() => void reload(), loaded.why === null ? retryMs.most : delayMs)
    timer.unref()
    if (loaded.why !== null) delayMs = Math.min(delayMs * 2, retryMs.most)
  }

  /** Of many that ask at once one asks for all. */
  function reload(): Promise<void> {
    loading ??= load().finally(() => {
      loading = undefined
    })
    return loading
  }

  const newestVersion = () => loaded.rows[0]?.version
  /** A version that is not known may have come by a rotation since; where this process is sealed the next try is due anyway. */
  async function find(version: number): Promise<RootKey> {
    const known = loaded.held.get(version)
    if (known) return known
    if (loaded.rows.every((row) => row.version !== version)) {
      if (loaded.held.size > 0) await reload()
      const fresh = loaded.held.get(version)
      if (fresh) return fresh
      if (loaded.why === null) throw new EpochMoved(`root key version ${version} has been retired`)
    }
    throw sealed()
  }

  return {
    start: () => reload(),
    reload,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await loading
    },
    async sealing(tx) {
      const version = await holdNewestRootKey(tx)
      if (version === undefined) throw sealed()
      return find(version)
    },
    at: find,
    newest() {
      const key = loaded.held.get(newestVersion() ?? 0)
      if (!key) throw sealed()
      return key
    },
    lasting(name: LastingKey) {
      const key = lasting.get(name)
      if (!key) throw sealed()
      return key
    },
    status: () => ({
      sealed: loaded.why !== null,
      why: loaded.why,
      versions: loaded.rows.map((row) => ({
        version: row.version,
        createdAt: row.created_at,
        kms: row.kms,
        isHeld: loaded.held.has(row.version),
      })),
    }),
    onChange: (listener) => listeners.push(listener),
  }
}

function versionsOf({ held }: Loaded): string {
  return [...held.keys()].join()
}

function sealed(): AppError {
  return new AppError(
    'sealed',
    'The installation has no root key at the moment, so nothing that is sealed can be read or written. Try again later; ' +
      'whoever runs the server finds the reason in its log, and nothing has to be started anew.',
    { headers: { 'retry-after': '10' } },
  )
}
