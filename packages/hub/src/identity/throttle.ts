import { AppError } from '@freehold/contract'
import type { Scope, Tx, WritePool } from '@freehold/db'
import { type Clock, hashToken } from '@freehold/kit'
import { networkOf } from './network.ts'
import { countFailure, deleteFailures, forgiveFailure } from './throttle-queries.ts'

const windowMs = 15 * 60_000

/** One counter: how many failures it takes in a quarter of an hour, and whether a success wipes it. */
export type Counter = { subject: string; allowed: number; clearedBySuccess?: true }

export type Throttle = {
  /** Counts an attempt as failed before it is judged, so that parallel guesses cannot outrun the count. Throws `rate_limited`. */
  begin(counters: readonly Counter[]): Promise<void>
  /** Takes the attempt back, because it was none of a guesser's. */
  succeed(counters: readonly Counter[]): Promise<void>
}

/** The counters of a password: tight for one address on one e-mail, wider for each alone. */
export function passwordCounters(email: string, ip: string): Counter[] {
  const network = networkOf(ip)
  // Every attempt takes its rows in this order, or two attempts could wait for each other.
  return [
    { subject: `network:${network}`, allowed: 100 },
    { subject: `email:${email}`, allowed: 30 },
    { subject: `email+network:${email} ${network}`, allowed: 10, clearedBySuccess: true },
  ]
}

/** The counters of whatever cannot be guessed, but costs work to refuse. */
export function proofCounters(ip: string): Counter[] {
  return [{ subject: `network:${networkOf(ip)}`, allowed: 100 }]
}

/** The counters of a code of six digits: tight for the one person, whoever has the password. */
export function codeCounters(userId: string, ip: string): Counter[] {
  return [...proofCounters(ip), { subject: `code:${userId}`, allowed: 10, clearedBySuccess: true }]
}

export function setupCounters(ip: string): Counter[] {
  return [{ subject: `setup:${networkOf(ip)}`, allowed: 10, clearedBySuccess: true }]
}

export function invitationCounters(ip: string): Counter[] {
  return [{ subject: `invitation:${networkOf(ip)}`, allowed: 30 }]
}

export function createThrottle(deps: { writes: WritePool; clock: Clock }): Throttle {
  return {
    async begin(counters) {
      const now = deps.clock.now()
      const windowStart = new Date(now.getTime() - windowMs)
      await deps.writes.transaction(scopeOf(counters[0]!), async (tx) => {
        const rows = await eachInScope(tx, counters, (counter) => tx.first(countFailure(keyOf(counter), now, windowStart)))
        const exceeded = counters.findIndex((counter, index) => rows[index]!.failures > counter.allowed)
        // Refused attempts roll back, so that somebody who is shut out cannot go on filling the counters of others.
        if (exceeded !== -1) throw tooMany(counters[exceeded]!, rows[exceeded]!.window_started_at, now)
      })
    },
    async succeed(counters) {
      await deps.writes.transaction(scopeOf(counters[0]!), (tx) =>
        eachInScope(tx, counters, (counter) =>
          tx.run(counter.clearedBySuccess ? deleteFailures(keyOf(counter)) : forgiveFailure(keyOf(counter))),
        ),
      )
    },
  }
}

/** Sends the counters' statements together, each behind the scope it needs: what waits for the same rows waits one round trip, not six. */
function eachInScope<R>(tx: Tx, counters: readonly Counter[], run: (counter: Counter) => Promise<R>): Promise<R[]> {
  return Promise.all(
    counters.map(async (counter) => {
      const [, result] = await Promise.all([tx.enter(scopeOf(counter)), run(counter)])
      return result
    }),
  )
}

function scopeOf(counter: Counter): Scope {
  return { proof: { throttle_key: keyOf(counter) } }
}

// Subjects hold e-mail and network addresses, which the table need not know.
function keyOf(counter: Counter): string {
  return hashToken(counter.subject).toString('hex')
}

function tooMany(counter: Counter, windowStartedAt: Date, now: Date): AppError {
  const seconds = String(Math.max(1, Math.ceil((windowStartedAt.getTime() + windowMs - now.getTime()) / 1000)))
  return new AppError('rate_limited', `Too many failed attempts. Wait ${seconds} seconds, then try again.`, {
    headers: {
      'retry-after': seconds,
      'ratelimit-limit': String(counter.allowed),
      'ratelimit-remaining': '0',
      'ratelimit-reset': seconds,
    },
  })
}
