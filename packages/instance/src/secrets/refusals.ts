import { AppError } from '@freehold/contract'
import type { SecretRow } from './queries.ts'

// `GET …/secrets/resolve` answers all values, so a secret of that name could never be read by itself.
const takenKey = 'resolve'

/** Why no secret can be made under this key; null where one can. */
export function faultOfKey(key: string): string | null {
  return key === takenKey ? 'is taken: `GET …/secrets/resolve` reads all values. Use another case, such as `RESOLVE`' : null
}

/** Throws `invalid_request` for a key under which a value could be written but not read. */
export function refuseKey(key: string): void {
  const message = faultOfKey(key)
  if (message === null) return
  throw new AppError('invalid_request', `The key \`${key}\` ${message}.`, { errors: [{ pointer: '/params/key', message }] })
}

/** Throws `forbidden` for what the platform has set. */
export function refuseManaged({ managed, key }: Pick<SecretRow, 'managed' | 'key'>): void {
  if (!managed) return
  throw new AppError('forbidden', `\`${key}\` is managed by the platform, which alone changes it. Change what it belongs to instead.`, {
    members: { managed: true },
  })
}
