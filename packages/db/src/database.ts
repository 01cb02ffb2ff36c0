import { appRole, ensureAppRole, refuseOtherRole } from './app-role.ts'
import { assertIsolation } from './isolation.ts'
import { migrate } from './migrate.ts'
import { type Notifications, openNotifications } from './notifications.ts'
import { openReadPool, type ReadPool } from './read-pool.ts'
import { openWritePool, type WritePool } from './transaction.ts'
import type pg from 'pg'

/** Everything the server does with Postgres, as the unprivileged role. */
export type Database = { reads: ReadPool; writes: WritePool; notifications: Notifications; appUrl: string; close(): Promise<void> }

export type DatabaseOptions = {
  /** The migrator's URL. */
  url: string
  /** The application role's URL, where the migrator may not create it. */
  appUrl?: string | undefined
  /** Run behind the migrations, as the migrator. */
  further?: (client: pg.Client) => Promise<void>
  readConnections?: number
  writeConnections?: number
}

/** Makes the role, migrates, proves isolation, then opens the connections. Throws StartupError with what to do. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.appUrl !== undefined) await refuseOtherRole(options.appUrl)
  const appUrl = options.appUrl ?? (await ensureAppRole(options.url))
  await migrate(options.url, options.further)
  await assertIsolation(appUrl, options.appUrl === undefined ? `DATABASE_URL with the role ${appRole}` : undefined)

  const reads = openReadPool(appUrl, options.readConnections)
  const writes = openWritePool(appUrl, options.writeConnections)
  const notifications = await openNotifications(appUrl)
  return {
    reads,
    writes,
    notifications,
    appUrl,
    async close() {
      await Promise.all([notifications.close(), reads.close(), writes.close()])
    },
  }
}
