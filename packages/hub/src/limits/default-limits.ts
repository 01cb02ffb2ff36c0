/** What a new workspace may have at most. */
export const defaultLimits = {
  environments: 20,
  api_keys: 200,
  secrets: 2_000,
  credentials: 200,
  files: 1_000_000,
  file_bytes: 50 * 1024 ** 3,
  vault_collections: 200,
  vault_records: 10_000_000,
} as const
export type LimitName = keyof typeof defaultLimits

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(defaultLimits, name)
}
