import { PermissionsUnavailable } from '@freehold/authz'
import { type Database, openWritePool, StartupError } from '@freehold/db'
import { createDelivery, type Delivery, ensureKeeping, ensureSchema, isKeeping } from '@freehold/hub'
import type { Clock } from '@freehold/kit'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { createEmbeddedEngine } from './request/embedded-engine.ts'
import type { PermissionEngine } from './request/permission-engine.ts'
import { createSpiceDbEngine } from './request/spicedb-engine.ts'
import type { createCleanup } from './stop-in-order.ts'

export type Permissions = {
  engine: PermissionEngine
  /** Null where permissions are decided in this process. */
  delivery: Delivery | null
  /** Whether a SpiceDB answers, where there is one. */
  ready: (() => Promise<boolean>) | null
}

type Deps = { database: Database; clock: Clock; logger: Logger; cleanup: ReturnType<typeof createCleanup> }

/**
 * Who decides: this process, or the SpiceDB that the configuration names. One that is away at the start keeps nobody from
 * starting: it is made ready when it comes, and until then everything that needs it is answered 503.
 */
export async function startPermissions(config: Config, { database, clock, logger, cleanup }: Deps): Promise<Permissions> {
  const { reads, writes, notifications, appUrl } = database
  if (config.spicedb === null) {
    if (await isKeeping({ reads })) {
      logger.warn('relationships are kept for a SpiceDB that this process is not told of; `freehold authz sync --stop` ends that')
    }
    return { engine: createEmbeddedEngine(reads, clock), delivery: null, ready: null }
  }
  // Not loaded by those who do without.
  const { createSpiceDb } = await import('@freehold/authz/spicedb')
  const spicedb = createSpiceDb(config.spicedb)
  cleanup.add(async () => spicedb.close())
  const kept = await ensureKeeping({ reads, writes, clock })

  // Its own connection: requests that wait for the delivery may hold all others.
  const deliveryWrites = openWritePool(appUrl, 1)
  cleanup.add(() => deliveryWrites.close())
  const prepare = () => ensureSchema(spicedb, kept)
  const delivery = createDelivery({ writes: deliveryWrites, reads, notifications, spicedb, prepare, logger })
  await delivery.deliver().catch((error: unknown) => {
    if (!(error instanceof PermissionsUnavailable)) throw error
    if (error.reason === 'refused') throw new StartupError(`FREEHOLD_SPICEDB does not work: ${error.message}`, { cause: error })
  })
  delivery.start()
  cleanup.add(() => delivery.stop())
  return {
    engine: createSpiceDbEngine({ reads, clock, spicedb, delivery }),
    delivery,
    ready: () =>
      spicedb.compareSchema().then(
        (schema) => schema === 'same',
        () => false,
      ),
  }
}
