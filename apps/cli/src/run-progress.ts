import type { Run } from '@freehold/contract'
import { CommandFailure } from './framework/failure.ts'
import type { Session } from './framework/command.ts'
import { paintStatus } from './framework/output.ts'
import { printable } from './framework/table.ts'

type Step = Run['steps'][number]

/** Follows a run to its end and shows its steps on standard error as they pass. Answers the run as it ended. */
export async function followRun({ connect, signal }: Pick<Session, 'connect' | 'signal'>, runId: string): Promise<Run> {
  const sdk = connect()
  const show = process.stderr.isTTY ? showLive() : showChanges()
  let run: Run | undefined
  for await (const event of sdk.streamRun({ run_id: runId }, { signal })) {
    if (event.event !== 'run') continue
    run = event.data
    show(run)
    if (run.finished_at !== null) return run
  }
  signal.throwIfAborted()
  return run?.finished_at ? run : await sdk.getRun({ run_id: runId })
}

/** Fails, with the reason and what to do, unless the run succeeded. */
export function requireSuccess(run: Run): void {
  if (run.status === 'succeeded') return
  if (run.status === 'cancelled') throw new CommandFailure('failed', `Run ${run.id} was cancelled.`)
  const step = run.steps.find((it) => it.status === 'failed')
  const reason = run.error ?? step?.error ?? 'No reason is known.'
  throw new CommandFailure(
    'failed',
    `Run ${run.id} is ${run.status}${step ? ` at ${step.name}` : ''}: ${reason}`,
    `freehold run retry ${run.id} tries again from there; freehold run cancel ${run.id} gives the workspace up.`,
  )
}

/** A line for each change of a step, for logs and pipes. */
function showChanges(): (run: Run) => void {
  const shown = new Map<string, string>()
  return (run) => {
    for (const step of run.steps) {
      const state = `${step.status} ${step.attempts}`
      if (shown.get(step.name) === state || (step.status === 'pending' && !shown.has(step.name))) continue
      shown.set(step.name, state)
      process.stderr.write(`${describeStep(step, step.status)}\n`)
    }
  }
}

/** All steps, drawn anew over themselves. */
function showLive(): (run: Run) => void {
  let drawn = 0
  return (run) => {
    const up = drawn > 0 ? `\u001b[${drawn}A` : ''
    const lines = run.steps.map(
      (step) => `\u001b[2K${describeStep(step, paintStatus(step.status, process.stderr), process.stderr.columns)}\n`,
    )
    process.stderr.write(up + lines.join(''))
    drawn = lines.length
  }
}

function describeStep(step: Step, status: string, columns?: number): string {
  const attempt = step.attempts > 1 ? `, attempt ${step.attempts}` : ''
  const took = step.started_at && step.finished_at ? ` (${Date.parse(step.finished_at) - Date.parse(step.started_at)} ms)` : ''
  const head = `${printable(step.name)}: ${status}${attempt}${took}`
  if (step.error === null || step.status === 'succeeded') return head
  // A line that wraps would be drawn over only in part.
  const room =
    columns === undefined ? Infinity : Math.max(0, columns - step.name.length - step.status.length - attempt.length - took.length - 6)
  return `${head}  ${printable(step.error).slice(0, room)}`
}
