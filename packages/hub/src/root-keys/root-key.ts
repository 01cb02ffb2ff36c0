import { deriveKey, seal, unseal } from '@freehold/kit'
import type { RootKeyRow } from './queries.ts'
import type { RootKey } from './types.ts'

export const keyLength = 32

/** Derived keys are remembered: a handful of purposes, and each is asked for on every reveal. */
export function createRootKey(version: number, key: Uint8Array): RootKey {
  const derived = new Map<string, Buffer>()
  return {
    version,
    derive(purpose) {
      let found = derived.get(purpose)
      if (found === undefined) derived.set(purpose, (found = deriveKey(key, purpose)))
      return found
    },
  }
}

/** What only this key opens, to be stored beside its version. */
export function sealCheck({ version, derive }: RootKey): Pick<RootKeyRow, 'check_purpose' | 'check_place' | 'check_sealed'> {
  const [purpose, place] = ['root key check', ['root key', String(version)]]
  return { check_purpose: purpose, check_place: place, check_sealed: seal(derive(purpose), 'the right key', place) }
}

/** Whether this is the key of the version; false also where nobody has told yet. */
export function opensCheck(key: RootKey, { check_purpose, check_place, check_sealed }: RootKeyRow): boolean {
  if (check_purpose === null || check_place === null || check_sealed === null) return false
  try {
    unseal(key.derive(check_purpose), check_sealed, check_place)
    return true
  } catch {
    return false
  }
}

export function isOwnCheck({ check_purpose }: RootKeyRow): boolean {
  return check_purpose === 'root key check'
}
