import type { Database } from '@freehold/db'
import type { ObjectStore } from '@freehold/drivers'
import type { OpenedRootKeys } from '@freehold/hub'
import type { Readiness } from './http/health.ts'

type Dependencies = { objects: ObjectStore; roots: OpenedRootKeys; permissionsReady: (() => Promise<boolean>) | null }

/** Asks everything that the server depends on whether it can be used, for at most 2 s. */
export async function readiness({ reads }: Database, { objects, roots, permissionsReady }: Dependencies): Promise<Readiness> {
  const asked = reads.under({ proof: { run_id: '' } }).sql({ name: 'ready', text: 'select 1', values: [] })
  const [answered, stored, permissions] = await Promise.all([
    inTime(asked.then(() => true)),
    inTime(objects.ready()),
    permissionsReady && inTime(permissionsReady()),
  ])
  return {
    database: answered,
    objects: stored,
    root_key: roots.status().sealed ? 'sealed' : true,
    ...(permissions !== null && { permissions }),
  }
}

function inTime(answered: Promise<boolean>): Promise<boolean> {
  return Promise.race([answered, new Promise<false>((resolve) => setTimeout(resolve, 2000, false).unref())]).catch(() => false)
}
