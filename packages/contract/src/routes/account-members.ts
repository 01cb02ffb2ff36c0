import Type from 'typebox'
import { route } from '../route.ts'
import { AccountMember, AccountMemberChange, NewAccountMember } from '../schemas/account-member.ts'
import { Nothing, pageQuery, Strict, Uuid } from '../schemas/fields.ts'

const params = Strict({ account_id: Uuid })
const reading = { permission: 'read', on: 'account', id: 'account_id' } as const
const administering = { permission: 'administer', on: 'account', id: 'account_id' } as const
const notInWorkspace = { allow: 'An account is not inside a workspace.' }

export const accountMemberRoutes = {
  listAccountMembers: route({
    operationId: 'listAccountMembers',
    summary: "List an account's people and their roles",
    description: 'Ordered by name.',
    tag: 'Accounts',
    method: 'GET',
    path: '/v1/accounts/:account_id/members',
    plane: 'hub',
    guard: reading,
    params,
    query: Strict(pageQuery),
    response: Type.Array(AccountMember),
    status: 200,
    list: true,
  }),
  addAccountMember: route({
    operationId: 'addAccountMember',
    summary: 'Give a person a role on an account',
    description: 'Of somebody who signs in already; others are invited. Only an owner makes an owner.',
    tag: 'Accounts',
    method: 'POST',
    path: '/v1/accounts/:account_id/members',
    plane: 'hub',
    guard: administering,
    params,
    body: NewAccountMember,
    response: AccountMember,
    status: 201,
    audit: 'account_member.add',
    whenFrozen: notInWorkspace,
  }),
  getAccountMember: route({
    operationId: 'getAccountMember',
    summary: "Read a person's role on an account",
    tag: 'Accounts',
    method: 'GET',
    path: '/v1/accounts/:account_id/members/:user_id',
    plane: 'hub',
    guard: reading,
    params: Strict({ account_id: Uuid, user_id: Uuid }),
    response: AccountMember,
    status: 200,
  }),
  updateAccountMember: route({
    operationId: 'updateAccountMember',
    summary: "Change a person's role on an account",
    tag: 'Accounts',
    method: 'PATCH',
    path: '/v1/accounts/:account_id/members/:user_id',
    plane: 'hub',
    guard: administering,
    params: Strict({ account_id: Uuid, user_id: Uuid }),
    body: AccountMemberChange,
    response: AccountMember,
    status: 200,
    audit: 'account_member.update',
    whenFrozen: notInWorkspace,
    etagOf: 'getAccountMember',
  }),
  removeAccountMember: route({
    operationId: 'removeAccountMember',
    summary: 'Remove a person from an account',
    description: "Ends the role and the memberships in the account's groups, at once. Grants of their own on workspaces stay.",
    tag: 'Accounts',
    method: 'DELETE',
    path: '/v1/accounts/:account_id/members/:user_id',
    plane: 'hub',
    guard: administering,
    params: Strict({ account_id: Uuid, user_id: Uuid }),
    response: Nothing,
    status: 204,
    audit: 'account_member.remove',
    whenFrozen: notInWorkspace,
    etagOf: 'getAccountMember',
  }),
}
