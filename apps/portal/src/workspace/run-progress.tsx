import type { Run } from '@freehold/contract'
import { clsx } from 'clsx'
import { Check, Circle, CircleSlash, Undo2, X } from 'lucide-react'
import { formatDuration } from '../text/time.ts'
import { plural, sentenceCase } from '../text/words.ts'
import { Spinner } from '../ui/spinner.tsx'

type Step = Run['steps'][number]

const words: Record<Step['status'], string> = {
  pending: 'Waiting',
  running: 'Running',
  succeeded: 'Done',
  failed: 'Failed',
  undone: 'Undone',
}

/** The steps of a run, each with its attempts, its duration and its last error. */
export function RunProgress({ run }: { run: Run }) {
  const done = run.steps.filter(({ status }) => status === 'succeeded').length
  const share = `${(done / Math.max(1, run.steps.length)) * 100}%`
  return (
    <div className="p-4">
      <div
        role="progressbar"
        aria-label="Provisioning"
        aria-valuemin={0}
        aria-valuemax={run.steps.length}
        aria-valuenow={done}
        aria-valuetext={`${done} of ${plural(run.steps.length, 'step')} done`}
        className="h-1 overflow-hidden rounded-full bg-press"
      >
        <span
          className={clsx(
            'block h-full rounded-full transition-[width]',
            run.status === 'failed' ? 'bg-bad-dot' : run.status === 'succeeded' ? 'bg-ok-dot' : 'bg-accent',
          )}
          style={{ width: share }}
        />
      </div>
      <ol aria-label="Provisioning steps" className="mt-3 grid gap-0.5">
        {run.steps.map((step) => (
          <li key={step.name} data-step={step.name} data-status={step.status} className="flex gap-3 py-1.5">
            <StepIcon status={step.status} />
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className={clsx(step.status === 'pending' ? 'text-fg-3' : 'font-medium')}>{sentenceCase(step.name)}</span>
                <span className="tnum text-xs text-fg-3">{noteOf(step)}</span>
              </div>
              {step.error && <p className="mt-0.5 text-xs break-words text-bad">{step.error}</p>}
            </div>
          </li>
        ))}
      </ol>
    </div>
  )
}

function noteOf({ status, attempts, started_at, finished_at }: Step): string {
  const took = started_at && finished_at ? formatDuration(Date.parse(finished_at) - Date.parse(started_at)) : undefined
  return [words[status], attempts > 1 ? `${attempts} attempts` : undefined, took].filter(Boolean).join(' · ')
}

function StepIcon({ status }: { status: Step['status'] }) {
  const box = 'mt-0.5 grid size-4 shrink-0 place-items-center rounded-full [&_svg]:size-3'
  if (status === 'running') return <Spinner className="mt-0.5 size-4 shrink-0 text-accent" />
  if (status === 'succeeded') {
    return (
      <span aria-hidden className={clsx(box, 'bg-ok-soft text-ok')}>
        <Check strokeWidth={2.5} />
      </span>
    )
  }
  if (status === 'failed') {
    return (
      <span aria-hidden className={clsx(box, 'bg-bad-soft text-bad')}>
        <X strokeWidth={2.5} />
      </span>
    )
  }
  const Icon = status === 'undone' ? Undo2 : status === 'pending' ? Circle : CircleSlash
  return (
    <span aria-hidden className={clsx(box, 'text-fg-3')}>
      <Icon />
    </span>
  )
}
