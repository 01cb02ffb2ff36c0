import type { Run } from '@freehold/contract'
import { type Output, shownTime } from './framework/output.ts'

/** A provisioning run for people: itself, then a line for each step. */
export function showRun(out: Output, run: Run): void {
  out.record(
    () => [
      ['Id', run.id],
      ['Workspace', run.workspace_id],
      ['Kind', run.kind],
      ['Status', run.status],
      ...(run.stalled ? [['Stalled', 'yes: unfinished after 10 minutes'] as const] : []),
      ...(run.error === null ? [] : [['Error', run.error] as const]),
      ['Created', shownTime(run.created_at)],
      ['Finished', shownTime(run.finished_at)],
      ...run.steps.map(
        (step) =>
          [
            `  ${step.name}`,
            [step.status, step.attempts > 1 ? `attempt ${step.attempts}` : '', step.error ?? ''].filter(Boolean).join(', '),
          ] as const,
      ),
    ],
    run,
  )
}
