import type { Mailer } from '@freehold/drivers'
import type { ReadPool, WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import { notBuilt } from '../not-built.ts'

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

export function invitationHandlers(_deps: InvitationDeps) {
  return notBuilt(
    'listInvitations',
    'createInvitation',
    'getInvitation',
    'resendInvitation',
    'revokeInvitation',
    'listAccountInvitations',
    'createAccountInvitation',
    'getAccountInvitation',
    'resendAccountInvitation',
    'revokeAccountInvitation',
    'previewInvitation',
    'acceptInvitation',
  )
}
