import { PermissionsUnavailable } from '@freehold/authz'
import type { SpiceDb } from '@freehold/authz/spicedb'
import type { ReadPool } from '@freehold/db'
import type { Delivery } from '@freehold/hub'
import type { Clock } from '@freehold/kit'
import { type DecisionBasis, readBasis } from './decision-basis.ts'
import type { PermissionEngine } from './permission-engine.ts'

type Deps = { reads: ReadPool; clock: Clock; spicedb: Pick<SpiceDb, 'permissionsOn' | 'lookup'>; delivery: Pick<Delivery, 'deliver'> }

// An object that changes faster than that is decided on later.
const attempts = 5

/** Asks SpiceDB, once it has been told of everything that concerns the question; without that there is no answer. */
export function createSpiceDbEngine({ reads, clock, spicedb, delivery }: Deps): PermissionEngine {
  async function settledBasis(ids: readonly string[]): Promise<DecisionBasis> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const basis = await readBasis(reads, clock, ids)
      if (!basis.isPending) return basis
      await delivery.deliver()
    }
    throw new PermissionsUnavailable('away', 'SpiceDB is told of changes more slowly than they come')
  }

  return {
    async permissionsOn(subject, resource, accountId) {
      const { token, gates, expiresAt } = await settledBasis([subject.id, resource.id, ...(accountId === null ? [] : [accountId])])
      return { permissions: await spicedb.permissionsOn(subject, resource, token), gates, expiresAt }
    },
    async list(subject, questions) {
      const { token, gates, expiresAt } = await settledBasis([subject.id])
      const lists = await Promise.all(questions.map(({ permission, type }) => spicedb.lookup(subject, permission, type, token)))
      return { lists, gates, expiresAt }
    },
  }
}
