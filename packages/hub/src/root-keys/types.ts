import type { Kms } from '@freehold/drivers'
import type { Tx } from '@freehold/db'

/** One version of the root key: every key that seals is derived from it, or wrapped by one that is. */
export type RootKey = { readonly version: number; derive(purpose: string): Buffer }

/** Keys that sign what is kept for long. A rotation of the root key leaves them what they are. */
export type LastingKey = 'workspace tokens' | 'audit chain heads'

/**
 * The root key's versions as this process holds them. Where one that is needed could not be had, the methods throw `sealed`, and the
 * process goes on trying to get it.
 */
export type RootKeys = {
  /** The newest version, which seals. Its row is held until `tx` ends, so no rotation retires it before what it sealed is stored. */
  sealing(tx: Tx): Promise<RootKey>
  /** The version that sealed something. Throws EpochMoved where that has been sealed anew since it was read. */
  at(version: number): Promise<RootKey>
  /** The newest that is held, for what lives some minutes and is stored nowhere. */
  newest(): RootKey
  /** 32 bytes. */
  lasting(name: LastingKey): Buffer
  status(): RootKeyStatus
  /** Heard when versions have come or gone. */
  onChange(listener: () => void): void
}

export type RootKeyStatus = {
  sealed: boolean
  why: string | null
  versions: { version: number; createdAt: Date; kms: string | null; isHeld: boolean }[]
}

/** Where root keys come from. What is given may hold keys that are no version's: each version's check says which is its own. */
export type RootKeySources = {
  /** Keys from the environment and the file, as they are now. May throw with what is wrong. */
  given(): Buffer[]
  /** The first key of an installation that has none on record, made lasting before it is answered; null where a KMS is to wrap a new one. */
  first(isFresh: boolean): Buffer | null
  /** The one that wraps new keys first, then those that still unwrap older ones. */
  kms: readonly Kms[]
  /** The seed of the key that has signed audit heads so far, where it is not derived from the root key. */
  auditSeed(): Buffer | null
  /** What to do when no key at hand is the right one. */
  advice: string
}

/** A key of 32 bytes for a new version, and what is stored of it where a KMS has wrapped it. */
export type NewRootKey = { key: Buffer; kms: string | null; wrapped: Buffer | null }
