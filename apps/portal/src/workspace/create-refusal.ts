import type { Account } from '@freehold/contract'

/** Why the reader may not create a workspace; undefined when they may, or while it is not known. */
export function createRefusal(accounts: readonly Account[] | undefined): string | undefined {
  if (!accounts || accounts.some((account) => account.permissions.includes('administer'))) return undefined
  if (accounts.length === 0) return 'You belong to no account. Ask an account administrator to add you or to create the workspace.'
  const names = accounts.map(({ name }) => name).join(', ')
  return `It needs the permission administer on an account. Ask an administrator of ${names}.`
}
