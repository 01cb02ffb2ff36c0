import type { AnyRoute } from '@freehold/contract'

/** A request after validation: what the contract let through, and what the connection tells. */
export type RequestFacts = {
  route: AnyRoute
  token: string | null
  input: { params: Record<string, string>; query: Record<string, unknown>; body: unknown }
  requestId: string
  ip: string
  userAgent: string
  dryRun: boolean
  ifMatch: string | null
  idempotencyKey: string | null
}
