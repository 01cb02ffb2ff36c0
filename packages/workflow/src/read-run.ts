import type { Run } from '@freehold/contract'
import type { Db } from '@freehold/db'
import { stalledAfterMs } from './saga.ts'

type StepRow = Omit<Run['steps'][number], 'started_at' | 'finished_at'> & { started_at: string | null; finished_at: string | null }
type Row = Omit<Run, 'steps' | 'created_at' | 'finished_at'> & { steps: StepRow[]; created_at: Date; finished_at: Date | null }

/** A run in the API's shape. `db` needs the scope of the run's workspace; undefined for any other. */
export async function readRun(db: Db, runId: string, now: Date = new Date()): Promise<Run | undefined> {
  const [row] = await db.sql<Row>({
    name: 'saga_read',
    text: `select r.id, r.workspace_id, r.saga as kind, r.status, s.steps, r.error, r.created_at, r.finished_at,
        coalesce(p.stalled or p.since <= $2, false) as stalled
      from hub.saga_run r
      join lateral (
        select json_agg(json_build_object('name', name, 'status', status, 'attempts', attempts, 'started_at', started_at,
          'finished_at', finished_at, 'error', error) order by position) as steps
        from hub.saga_step where workspace_id = r.workspace_id and run_id = r.id
      ) s on s.steps is not null
      left join hub.saga_pending p on p.run_id = r.id
      where r.id = $1`,
    values: [runId, new Date(now.getTime() - stalledAfterMs)],
  })
  if (!row) return undefined
  return {
    ...row,
    steps: row.steps.map((step) => ({ ...step, started_at: toTimestamp(step.started_at), finished_at: toTimestamp(step.finished_at) })),
    created_at: row.created_at.toISOString(),
    finished_at: toTimestamp(row.finished_at),
  }
}

function toTimestamp(time: Date | string | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
