import type { Principal } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'

type Limited = Pick<Principal, 'limits'>

/** Whether a caller may see what is for this environment, or, for null, for all. */
export function refuseForeignEnvironment({ limits: { environments } }: Limited, environment: string | null): void {
  if (environment === null) return
  refuseOthersThan(environments, environment)
}

/** Whether a caller may change or use it: a key that is for some environments, not what all of them share. */
export function refuseChangeOutside({ limits: { environments } }: Limited, environment: string | null): void {
  refuseOthersThan(environments, environment)
}

function refuseOthersThan(environments: readonly string[], environment: string | null): void {
  if (environments.length === 0 || (environment !== null && environments.includes(environment))) return
  throw new AppError('forbidden', 'This key is not for the environment of the credential. Use one that is.', {
    members: { permission: 'environment' },
  })
}
