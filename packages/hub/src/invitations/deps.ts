import type { ReadPool, WritePool } from '@freehold/db'
import type { Mailer } from '@freehold/drivers'
import type { Clock } from '@freehold/kit'
import type { Throttle } from '../identity/index.ts'
import type { Delivery } from './delivery.ts'

export type InvitationDeps = {
  /** Null where no mail is configured: links are handed over by hand then. */
  mailer: Mailer | null
  /** What browsers reach the server by, without a slash at its end. */
  origin: () => string
  /** Whether browsers reach the server over TLS. */
  secureCookies: boolean
  writes: WritePool
  reads: ReadPool
  clock: Clock
}

/** What the verbs are given beside the request. */
export type VerbDeps = Pick<InvitationDeps, 'secureCookies'> & { delivery: Delivery; throttle: Throttle }
