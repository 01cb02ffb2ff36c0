import { seal, unseal } from '@freehold/kit'
import { generateSecret, generateURI, verifySync } from 'otplib'
import type { RootKey } from '../root-keys/index.ts'

const stepSeconds = 30
const toleranceSeconds = stepSeconds // One step to either side, for clocks that differ.

export type TotpOffer = { secret: string; otpauthUrl: string }

/** A fresh secret in base32, and the address that an authenticator app reads from a QR code. */
export function newTotpSecret(label: string): TotpOffer {
  const secret = generateSecret()
  return { secret, otpauthUrl: generateURI({ issuer: 'Freehold', label, secret }) }
}

/** The time step that a code of six digits is of, if it is after `afterStep` and at most one away from now; else null. */
export function matchStep(secret: string, code: string, at: { now: Date; afterStep: number }): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const epoch = Math.floor(at.now.getTime() / 1000)
  const result = verifySync({ secret, token: code, epoch, epochTolerance: toleranceSeconds })
  if (!result.valid || !('epoch' in result)) return null
  const step = Math.floor(result.epoch / stepSeconds)
  return step > at.afterStep ? step : null
}

/** A secret as it is stored: for its holder alone. */
export function sealTotpSecret(root: RootKey, userId: string, secret: string): Buffer {
  return seal(root.derive('totp'), secret, ['totp', userId])
}

export function unsealTotpSecret(root: RootKey, userId: string, sealed: Uint8Array): string {
  return unseal(root.derive('totp'), sealed, ['totp', userId]).toString()
}
