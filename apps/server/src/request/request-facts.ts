import type { AnyRoute } from '@freehold/contract'
import type { Authenticated } from './principals.ts'

/** A request after validation: what the contract let through, and what the connection tells. */
export type RequestFacts = {
  route: AnyRoute
  /** The credential, and who it stood for when the request came in; null on public routes. */
  presented: { token: string; authenticated: Authenticated | null } | null
  input: { params: Record<string, string>; query: Record<string, unknown>; body: unknown }
  requestId: string
  ip: string
  /** The page that a browser says it comes from. */
  origin: string | null
  userAgent: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  cookies: Readonly<Record<string, string | undefined>>
  dryRun: boolean
  ifMatch: string | null
  idempotencyKey: string | null
}
