import { productEngine } from '@freehold/authz'
import type { ReadPool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { earliest, type PermissionEngine } from './permission-engine.ts'
import { createTupleReader } from './tuple-reader.ts'

/** Decides in this process, over the relationships in Postgres. */
export function createEmbeddedEngine(reads: ReadPool, clock: Clock): PermissionEngine {
  const engine = productEngine()
  return {
    async permissionsOn(subject, resource) {
      const reader = createTupleReader(reads)
      const { permissions, expiresAt } = await engine.permissionsOn(reader, subject, resource, clock.now())
      return { permissions, gates: reader.gates(), expiresAt }
    },
    async list(subject, questions) {
      const reader = createTupleReader(reads)
      const now = clock.now()
      const lists = await Promise.all(questions.map(({ permission, type }) => engine.lookup(reader, subject, permission, type, now)))
      const expiresAt = lists.reduce((soonest: Date | null, list) => earliest(soonest, list.expiresAt), null)
      return { lists, gates: reader.gates(), expiresAt }
    },
  }
}
