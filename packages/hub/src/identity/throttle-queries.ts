import { build } from '@freehold/db'
import { sql } from 'kysely'

/** Counts one failure more, in a new window if the old one began before `windowStart`, and answers the count. Atomic under concurrency. */
export function countFailure(key: string, now: Date, windowStart: Date) {
  return build
    .insertInto('hub.throttle')
    .values({ key, window_started_at: now, failures: 1 })
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        failures: sql<number>`case when throttle.window_started_at <= ${windowStart} then 1 else throttle.failures + 1 end`,
        window_started_at: sql<Date>`case when throttle.window_started_at <= ${windowStart} then ${now} else throttle.window_started_at end`,
      }),
    )
    .returning(['failures', 'window_started_at'])
}

export function forgiveFailure(key: string) {
  return build
    .updateTable('hub.throttle')
    .set((eb) => ({ failures: eb('failures', '-', 1) }))
    .where('key', '=', key)
    .where('failures', '>', 0)
}

export function deleteFailures(key: string) {
  return build.deleteFrom('hub.throttle').where('key', '=', key)
}
