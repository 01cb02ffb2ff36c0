import { AppError } from '@freehold/contract'
import { seal, SecretValue, unseal } from '@freehold/kit'
import type { DataKey } from '../deps.ts'

/** Where a secret stands. The environment is a slug, or empty for what all share. */
export type SecretPlace = { workspaceId: string; environment: string; key: string }
export type SealedValue = { sealed: Buffer; keyVersion: number }

/** Seals a value for one version of one secret. It opens nowhere else. */
export function sealValue({ key, version: keyVersion }: DataKey, value: SecretValue, at: SecretPlace, version: number): SealedValue {
  return { sealed: seal(key, value.open(), additionalData(at, version)), keyVersion }
}

/** Throws `invalid_state` for what was sealed for another place or has been altered. */
export function openValue({ key }: DataKey, { sealed }: SealedValue, at: SecretPlace, version: number): SecretValue {
  let opened: Buffer
  try {
    opened = unseal(key, sealed, additionalData(at, version))
  } catch {
    throw new AppError(
      'invalid_state',
      `The stored value of \`${at.key}\` was altered or belongs elsewhere, so it is not shown. Write it anew, and tell the operator.`,
      { detail: { ...at, version }, members: { keys: [at.key] } },
    )
  }
  return new SecretValue(opened.toString('utf8'))
}

/** What a value of a secret is sealed for: all that says where it belongs. */
export function additionalData({ workspaceId, environment, key }: SecretPlace, version: number): string[] {
  return ['secret', workspaceId, environment, key, String(version)]
}
