import type { ReadPool, WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import type { RootKeys } from '../root-keys/index.ts'
import type { Throttle } from './throttle.ts'

export type IdentityDeps = {
  /** The version of Freehold that runs. */
  version: string
  /** Whether browsers reach the server over TLS. */
  secureCookies: boolean
  roots: RootKeys
  writes: WritePool
  reads: ReadPool
  clock: Clock
}

/** What the verbs are given beside the request. */
export type VerbDeps = IdentityDeps & { throttle: Throttle }
