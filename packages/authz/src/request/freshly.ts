import type { RequestContext } from './context.ts'
import { EpochMoved } from '@freehold/db'

const attempts = 5

/**
 * A read of a long answer, authorized at the time of the read: a stream outlives the decision that began it. Throws what a new request
 * would be answered.
 */
export async function freshly<R>(ctx: RequestContext, read: (fresh: RequestContext) => Promise<R>): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    const fresh = await ctx.renew()
    try {
      return await read(fresh)
    } catch (error) {
      if (!(error instanceof EpochMoved) || attempt === attempts) throw error
    }
  }
}
