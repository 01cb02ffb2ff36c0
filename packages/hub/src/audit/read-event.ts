import type { AuditEvent } from '@freehold/contract'
import type { Db } from '@freehold/db'
import { findChainEvent } from './feed-queries.ts'
import { toAuditEvent } from './stored-event.ts'

/** An event of a chain; undefined when it is not of that chain or the scope does not reach it. */
export async function readAuditEvent(db: Db, chainId: string, eventId: string): Promise<AuditEvent | undefined> {
  const row = await findChainEvent(db, chainId, eventId)
  return row && toAuditEvent(row)
}
