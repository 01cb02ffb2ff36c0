/** What a new workspace may have at most. */
export const defaultLimits = { environments: 20, api_keys: 200 } as const
export type LimitName = keyof typeof defaultLimits

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(defaultLimits, name)
}
