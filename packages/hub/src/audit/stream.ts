import { freshly, type Handler, type RequestContext } from '@freehold/authz/request'
import type { Notifications } from '@freehold/db'
import { follow } from '../events/index.ts'
import { readSealedEvents } from './read-sealed.ts'
import { findHead } from './seal-queries.ts'
import { toShown } from './stored-event.ts'

/**
 * PR-08: a workspace's events as they are sealed, in the order of the chain. An event's id is its place, so a client that names the last
 * one it has goes on right behind it; one that names none starts from now.
 */
export function streamWorkspaceAudit(notifications: Notifications): Handler<'streamWorkspaceAudit'> {
  return async (ctx) => {
    const { id } = ctx.granted('workspace', 'read')
    return async function* events(signal, lastEventId) {
      const sealed = follow(notifications, ({ kind, workspace_id }) => kind === 'sealed' && workspace_id === id, signal)
      try {
        let afterSeq = readSeq(lastEventId) ?? (await findLastSeq(ctx, id))
        do {
          for await (const event of readSealedEvents(ctx, { afterSeq }, signal)) {
            afterSeq = event.seq
            yield { event: 'audit', data: toShown(event), id: String(event.seq) }
          }
        } while (!(await sealed.next()).done)
      } finally {
        await sealed.return?.()
      }
    }
  }
}

async function findLastSeq(ctx: RequestContext, id: string): Promise<number> {
  const { head } = await freshly(ctx, (fresh) => findHead(fresh.db, id))
  return head?.seq ?? 0
}

function readSeq(lastEventId: string | null): number | null {
  return lastEventId !== null && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : null
}
