import { AppError, type FieldError, type OrgWorkspaceChange } from '@freehold/contract'
import { defaultLimits, isLimitName } from '../limits/index.ts'
import { readPublicKeys } from './public-keys.ts'
import type { ProfilePatch } from './queries.ts'

/** A change, sorted by where it is kept. */
export type ConfigurationChange = {
  isReadOnly: boolean | undefined
  /** Undefined where nothing but `isReadOnly` is asked for. */
  configuration:
    | { workspace: { name?: string; settings?: Record<string, unknown> }; profile: ProfilePatch; limits: Record<string, number> }
    | undefined
}

/** Throws `invalid_request` with every fault that the schema could not see. */
export function readChange({ isReadOnly, ...body }: OrgWorkspaceChange): ConfigurationChange {
  const { keys, faults } = readPublicKeys(body.publicKeys ?? [])
  faults.push(...faultsOfLimits(body.limits ?? {}))
  if (faults.length > 0) {
    throw new AppError('invalid_request', `Mend ${faults.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')}.`, {
      errors: faults,
    })
  }
  const { disableSecretKeyAuth, ...settings } = body.settings ?? {}
  const { logoUri, webhookUri, webhookEvents, jwksUri, type } = body
  return {
    isReadOnly,
    configuration: Object.values(body).every((value) => value === undefined)
      ? undefined
      : {
          workspace: { ...(body.name !== undefined && { name: body.name }), ...(body.settings && { settings }) },
          profile: {
            logoUri,
            webhookUri,
            webhookEvents,
            jwksUri,
            type,
            ...(body.publicKeys && { publicKeys: keys }),
            // `settings` replaces the whole object, and this is one of them.
            ...(body.settings && { disableSecretKeyAuth: disableSecretKeyAuth ?? false }),
          },
          limits: body.limits ?? {},
        },
  }
}

function faultsOfLimits(limits: Readonly<Record<string, number>>): FieldError[] {
  return Object.entries(limits).flatMap(([name, allowed]) => {
    const pointer = `/body/limits/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!isLimitName(name)) return [{ pointer, message: `is no limit: there are ${Object.keys(defaultLimits).join(', ')}` }]
    return allowed > defaultLimits[name] ? [{ pointer, message: `must be at most ${defaultLimits[name]}, as the plan has it` }] : []
  })
}
