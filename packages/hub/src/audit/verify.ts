import type { KeyObject } from 'node:crypto'
import { freshly, type Handler, type RequestContext } from '@freehold/authz/request'
import type { ChainVerification } from '@freehold/contract'
import { verifyChain } from '@freehold/kit/audit-chain'
import { isHeadSignedBy, readPublicKey } from './head.ts'
import { readSealedEvents } from './read-sealed.ts'
import { findHead, type StoredHead } from './seal-queries.ts'
import type { SigningKey } from './signing-key.ts'

type Fault = ChainVerification['fault']

/** BX-03: recomputes a workspace's chain from its first event to its head, a batch at a time. */
export function verifyWorkspaceAudit(signingKeyOf: SigningKey): Handler<'verifyWorkspaceAudit'> {
  return async (ctx) => {
    const { id } = ctx.granted('workspace', 'read')
    const signingKey = signingKeyOf()
    const { head } = await findHead(ctx.db, id)
    const report = await verifyChain(readSealedEvents(ctx, { afterSeq: 0, lastSeq: head?.seq ?? 0 }))
    const { unsealed, fault: beyond } = await findBeyondHead(ctx, id)
    const fault = report.fault ?? (head && findHeadFault(head, report.head, signingKey)) ?? beyond
    return {
      valid: fault === null,
      events: report.events,
      unsealed,
      fault,
      head: head && { seq: head.seq, hash: head.hash, at: head.at, signature: head.signature, public_key: readPublicKey(signingKey) },
    }
  }
}

function findHeadFault(head: StoredHead, last: { seq: number; hash: string } | null, signingKey: KeyObject): Fault {
  const seq = (last?.seq ?? 0) + 1
  if (seq <= head.seq) return { seq, reason: `The chain ends before its signed head: event ${seq} of ${head.seq} is missing.` }
  if (last?.hash !== head.hash) return { seq: head.seq, reason: 'The signed head names another hash than the last event has.' }
  if (!isHeadSignedBy(signingKey, head, head.signature)) {
    return { seq: head.seq, reason: "The head's signature is not by this installation's key." }
  }
  return null
}

// Head and events move in one transaction, so one snapshot shows no event beyond the head, however busy the sealer is.
async function findBeyondHead(ctx: RequestContext, id: string): Promise<{ unsealed: number; fault: Fault }> {
  const { head, lastSeq, unsealed } = await freshly(ctx, (fresh) => findHead(fresh.db, id))
  const end = head?.seq ?? 0
  return { unsealed, fault: lastSeq > end ? { seq: end + 1, reason: 'The event is beyond the signed head of its chain.' } : null }
}
