import type { RequestContext } from './context.ts'
import { EpochMoved } from '@freehold/db'

const attempts = 5

/**
 * A read of a long answer, authorized at the time of the read: a stream outlives the decision that began it. Throws what a new request
 * would be answered. With the proof left to its first read, `read` must read, or nothing has proved it.
 */
export async function freshly<R>(ctx: RequestContext, read: (fresh: RequestContext) => Promise<R>, proof?: 'first_read'): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    const fresh = await ctx.renew(proof)
    try {
      return await read(fresh)
    } catch (error) {
      if (!(error instanceof EpochMoved) || attempt === attempts) throw error
    }
  }
}
