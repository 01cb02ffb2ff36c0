import Type, { type Static } from 'typebox'
import { Nullable, Strict, Timestamp, Uuid } from './fields.ts'

export const runStatuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'compensating'] as const
export const stepStatuses = ['pending', 'running', 'succeeded', 'failed', 'undone'] as const

export const Step = Strict({
  name: Type.String(),
  status: Type.Enum([...stepStatuses]),
  attempts: Type.Integer(),
  started_at: Nullable(Timestamp),
  finished_at: Nullable(Timestamp),
  error: Nullable(Type.String()),
})

export const Run = Strict({
  id: Uuid,
  workspace_id: Uuid,
  kind: Type.String(),
  status: Type.Enum([...runStatuses]),
  steps: Type.Array(Step),
  stalled: Type.Boolean({ description: 'Still unfinished after 10 minutes' }),
  error: Nullable(Type.String()),
  created_at: Timestamp,
  finished_at: Nullable(Timestamp),
})
export type Run = Static<typeof Run>
