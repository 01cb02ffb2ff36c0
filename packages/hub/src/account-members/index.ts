import type { Handlers } from '@freehold/authz/request'
import { addAccountMember } from './add-account-member.ts'
import { getAccountMember, listAccountMembers } from './list-account-members.ts'
import { removeAccountMember } from './remove-account-member.ts'
import { updateAccountMember } from './update-account-member.ts'

export const accountMemberHandlers = {
  listAccountMembers,
  addAccountMember,
  getAccountMember,
  updateAccountMember,
  removeAccountMember,
} satisfies Partial<Handlers>
