import { notBuilt } from '../not-built.ts'

export const accountMemberHandlers = notBuilt(
  'listAccountMembers',
  'addAccountMember',
  'getAccountMember',
  'updateAccountMember',
  'removeAccountMember',
)
