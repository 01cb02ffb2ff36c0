import Type from 'typebox'
import { route } from '../route.ts'
import { Account, AccountChange, NewAccount } from '../schemas/account.ts'
import { AuditEvent, auditQuery } from '../schemas/audit.ts'
import { pageQuery, Strict, Uuid } from '../schemas/fields.ts'

const params = Strict({ account_id: Uuid })

export const accountRoutes = {
  listAccounts: route({
    operationId: 'listAccounts',
    summary: 'List the accounts that you may read',
    tag: 'Accounts',
    method: 'GET',
    path: '/v1/accounts',
    plane: 'hub',
    guard: { self: 'Only accounts on which the caller holds a role are listed.' },
    query: Strict(pageQuery),
    response: Type.Array(Account),
    status: 200,
    list: true,
  }),
  createAccount: route({
    operationId: 'createAccount',
    summary: 'Create an account',
    description: 'You become its owner. Only operators of the installation create accounts.',
    tag: 'Accounts',
    method: 'POST',
    path: '/v1/accounts',
    plane: 'hub',
    guard: { permission: 'administer', on: 'installation', id: 'installation' },
    body: NewAccount,
    response: Account,
    status: 201,
    audit: 'account.create',
    whenFrozen: { allow: 'An account is not inside a workspace.' },
  }),
  getAccount: route({
    operationId: 'getAccount',
    summary: 'Read an account',
    tag: 'Accounts',
    method: 'GET',
    path: '/v1/accounts/:account_id',
    plane: 'hub',
    guard: { permission: 'read', on: 'account', id: 'account_id' },
    params,
    response: Account,
    status: 200,
  }),
  updateAccount: route({
    operationId: 'updateAccount',
    summary: "Change an account's name or policies",
    description: 'Who requires a second factor must have proved one.',
    tag: 'Accounts',
    method: 'PATCH',
    path: '/v1/accounts/:account_id',
    plane: 'hub',
    guard: { permission: 'administer', on: 'account', id: 'account_id' },
    params,
    body: AccountChange,
    response: Account,
    status: 200,
    audit: 'account.update',
    whenFrozen: { allow: 'An account is not inside a workspace.' },
    etagOf: 'getAccount',
  }),
  listAccountAudit: route({
    operationId: 'listAccountAudit',
    summary: 'What happened on an account',
    description:
      "The account's own chain, and the creation and end of its workspaces. What happens inside a workspace is in that workspace's feed.",
    tag: 'Audit',
    method: 'GET',
    path: '/v1/accounts/:account_id/audit',
    plane: 'hub',
    guard: { permission: 'read', on: 'account', id: 'account_id' },
    params,
    query: auditQuery,
    response: Type.Array(AuditEvent),
    status: 200,
    list: true,
  }),
}
