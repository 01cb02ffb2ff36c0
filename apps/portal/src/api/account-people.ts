import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

const pageSize = 25

/** The pages of it, and the whole of it for a choice, stand under this key. */
export const accountMembersKey = (accountId: string) => ['account', accountId, 'members'] as const
export const accountGroupsKey = (accountId: string) => ['account', accountId, 'groups'] as const

export const accountMembersQuery = (accountId: string, cursor?: string) =>
  queryOptions({
    queryKey: [...accountMembersKey(accountId), { cursor }],
    queryFn: ({ signal }) => client.listAccountMembers({ account_id: accountId, limit: pageSize, cursor }, { signal }).then((page) => page),
  })

/** Everybody with a role on the account, to choose from. */
export const allAccountMembersQuery = (accountId: string) =>
  queryOptions({
    queryKey: [...accountMembersKey(accountId), 'all'],
    queryFn: async ({ signal }) => (await client.listAccountMembers({ account_id: accountId, limit: 1000 }, { signal })).items,
  })

export const groupsQuery = (accountId: string, cursor?: string) =>
  queryOptions({
    queryKey: [...accountGroupsKey(accountId), { cursor }],
    queryFn: ({ signal }) => client.listGroups({ account_id: accountId, limit: pageSize, cursor }, { signal }).then((page) => page),
  })

export const groupQuery = (accountId: string, groupId: string) =>
  queryOptions({
    queryKey: [...accountGroupsKey(accountId), groupId],
    queryFn: ({ signal }) => client.getGroup({ account_id: accountId, group_id: groupId }, { signal }),
  })

type GroupPage = { accountId: string; groupId: string; cursor?: string | undefined }

export const groupMembersQuery = ({ accountId, groupId, cursor }: GroupPage) =>
  queryOptions({
    queryKey: [...groupQuery(accountId, groupId).queryKey, 'members', { cursor }],
    queryFn: ({ signal }) =>
      client.listGroupMembers({ account_id: accountId, group_id: groupId, limit: pageSize, cursor }, { signal }).then((page) => page),
  })

/** Everything in the group, to tell who is not. */
export const allGroupMembersQuery = (accountId: string, groupId: string) =>
  queryOptions({
    queryKey: [...groupQuery(accountId, groupId).queryKey, 'members', 'all'],
    queryFn: async ({ signal }) =>
      (await client.listGroupMembers({ account_id: accountId, group_id: groupId, limit: 1000 }, { signal })).items,
  })
