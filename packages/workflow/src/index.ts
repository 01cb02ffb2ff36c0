export { InvalidRunState, cancelRun, retryRun, type RunOperation } from './operate-run.ts'
export { installJobs } from './install-jobs.ts'
export { findRunPlace, type RunPlace } from './journal.ts'
export { readRun } from './read-run.ts'
export {
  type AnySaga,
  FatalStepError,
  type RetryPolicy,
  type RunRecord,
  saga,
  type Saga,
  type SagaFor,
  type SagaHooks,
  stalledAfterMs,
  type Step,
  type StepContext,
  type UndoContext,
} from './saga.ts'
export { createSweep, type Sweep, sweepAll } from './sweep.ts'
export { type NewRun, startRun } from './start-run.ts'
export { startWorker, type Worker, type WorkerOptions } from './worker.ts'
export type { Logger } from './engine.ts'
export { type SweepReport, sweepSagas, type World } from './sweep-sagas.ts'
