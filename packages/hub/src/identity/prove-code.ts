import type { RequestContext } from '@freehold/authz/request'
import type { AppError } from '@freehold/contract'
import { judgeCode, type RightCode } from '../second-factor/index.ts'
import type { VerbDeps } from './deps.ts'
import { codeCounters } from './throttle.ts'

type Asked = { userId: string; code: string; wrong: () => AppError }

/** The proof that a second factor's code is right, to be spent in the transaction that it is for. Guesses are counted for each person. */
export async function proveCode(ctx: RequestContext, deps: VerbDeps, { userId, code, wrong }: Asked): Promise<RightCode> {
  const counters = codeCounters(userId, ctx.ip)
  await deps.throttle.begin(counters)
  const db = deps.reads.under({ principalId: userId })
  const right = await judgeCode(db, { roots: deps.roots, userId, code, now: ctx.clock.now() })
  if (!right) throw wrong()
  await deps.throttle.succeed(counters)
  return right
}
