import type { Handlers } from '@freehold/authz/request'
import { createAccount } from './create-account.ts'
import { getAccount } from './get-account.ts'
import { listAccounts } from './list-accounts.ts'
import { updateAccount } from './update-account.ts'

export { findAccountPolicies } from './account-policy.ts'

export const accountHandlers = { listAccounts, createAccount, getAccount, updateAccount } satisfies Partial<Handlers>
