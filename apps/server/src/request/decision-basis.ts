import type { Gate, ReadPool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { earliest } from './permission-engine.ts'

/** What a decision of another engine rests on in Postgres. */
export type DecisionBasis = {
  gates: Gate[]
  /** From which state on the engine must answer; null where it has never been told of any of this. */
  token: string | null
  /** The engine has not been told of everything yet. */
  isPending: boolean
  /** When the first role that is lent to the subject or to one of its groups ends. */
  expiresAt: Date | null
}

type Loaded = {
  gates: { id: string; epoch: string; token: string | null; delivery: string | null }[]
  groups: string[]
  is_pending: boolean
  expires_at: Date | null
}

const text = `
  select coalesce((
      select json_agg(json_build_object('id', id, 'epoch', epoch::text, 'token', zed_token, 'delivery', zed_delivery::text))
      from hub.gate where id = any ($1::uuid[])
    ), '[]') as gates,
    array(
      select resource_id::text from hub.relationship where subject_id = any ($1::uuid[]) and resource_type = 'group' and relation = 'member'
        and (subject_type, subject_relation) in (('user', ''), ('group', 'member'))
    ) as groups,
    exists (select from hub.relationship_outbox where resource_id = any ($1::uuid[]) or subject_id = any ($1::uuid[])) as is_pending,
    (select min(expires_at) from hub.relationship where subject_id = any ($1::uuid[]) and expires_at > $2) as expires_at`

/**
 * Reads the gates of the objects and of all groups that hold them, each in one statement with what waits to be delivered about it.
 * So of any change to these, either it is waiting, or the token is from behind it, or it comes later and moves an epoch read here.
 * A path from the resource to the subject that has been cut is cut at one of these gates: the lowest cut is at what still holds the subject.
 */
export async function readBasis(reads: ReadPool, clock: Clock, ids: readonly string[]): Promise<DecisionBasis> {
  const basis: DecisionBasis = { gates: [], token: null, isPending: false, expiresAt: null }
  const seen = new Set<string>()
  let newest = -1n
  for (let level = [...new Set(ids)]; level.length > 0;) {
    for (const id of level) seen.add(id)
    const db = reads.under({ proof: { object_ids: level.join(',') } })
    const [loaded] = await db.sql<Loaded>({ name: 'decision_basis', text, values: [level, clock.now()] })
    const { gates, groups, is_pending: isPending, expires_at: expiresAt } = loaded!
    for (const { id, epoch, token, delivery } of gates) {
      basis.gates.push({ id, epoch })
      if (token === null || delivery === null || BigInt(delivery) <= newest) continue
      newest = BigInt(delivery)
      basis.token = token
    }
    basis.isPending ||= isPending
    basis.expiresAt = earliest(basis.expiresAt, expiresAt)
    level = [...new Set(groups)].filter((id) => !seen.has(id))
  }
  return basis
}
