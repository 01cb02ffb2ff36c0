import type { FaultPoint } from './engine.ts'
import type { SagaFor } from './saga.ts'

/**
 * What goes wrong at the point, in one case of a sweep.
 * `fail`: every time. `stumble`: the first time only. `crash`: the executor is gone, and another takes the run up.
 * `cancel`: an operator cancels the run.
 */
export type Blow = 'fail' | 'stumble' | 'crash' | 'cancel'

export type SweepCase = { point: FaultPoint; blow: Blow; ends: 'succeeded' | 'failed' | 'cancelled' }

const places = ['before_effect', 'after_effect', 'after_journal'] as const

/** Every way in which a step or an undo of a saga can go wrong, and how the run must end then. `done` steps are only undone. */
export function listSweepCases(saga: SagaFor<never>, done: readonly string[]): SweepCase[] {
  return saga.steps.flatMap((step, index) => [
    ...(done.includes(step.name) ? [] : places.flatMap((at) => listForwardCases(saga, { index, at }))),
    // The last step is undone only where its effect outlives its failure.
    ...(step.undo === 'none' || (step === saga.steps.at(-1) && !step.outside)
      ? []
      : places.flatMap((at) => listUndoCases(saga, { index, at }))),
  ])
}

type Place = { index: number; at: FaultPoint['at'] }

function listForwardCases(saga: SagaFor<never>, { index, at }: Place): SweepCase[] {
  const point: FaultPoint = { saga: saga.name, step: saga.steps[index]!.name, phase: 'run', at }
  // What fails behind the journal is the executor: the step is done, and the run goes on.
  const cases: SweepCase[] = [
    { point, blow: 'fail', ends: at === 'after_journal' ? 'succeeded' : 'failed' },
    { point, blow: 'stumble', ends: 'succeeded' },
    { point, blow: 'crash', ends: 'succeeded' },
  ]
  const current = at === 'after_journal' ? index + 1 : index
  const { length } = saga.steps
  if (current === length) return cases
  const last = saga.steps[length - 1]!
  const tooLate = current === length - 1 && last.outside === true && last.undo === 'none'
  return [...cases, { point, blow: 'cancel', ends: tooLate ? 'succeeded' : 'cancelled' }]
}

function listUndoCases(saga: SagaFor<never>, { index, at }: Place): SweepCase[] {
  const point: FaultPoint = { saga: saga.name, step: saga.steps[index]!.name, phase: 'undo', at }
  return (['fail', 'stumble', 'crash'] as const).map((blow) => ({ point, blow, ends: 'failed' }))
}

export function describeCase({ point, blow }: SweepCase): string {
  return `${point.saga}: ${blow} ${point.at.replace('_', ' the ')} of ${point.phase === 'undo' ? 'the undo of ' : ''}${point.step}`
}
