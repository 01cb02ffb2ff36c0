import { queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

/** Filters of a feed, as the URL holds them. */
export type AuditFilters = {
  actor?: string | undefined
  action?: string | undefined
  resource?: string | undefined
  since?: string | undefined
  until?: string | undefined
  cursor?: string | undefined
}

const pageSize = 50

const toInput = ({ since, until, ...filters }: AuditFilters) => ({
  limit: pageSize,
  ...filters,
  since: since && `${since}T00:00:00.000Z`,
  until: until && `${until}T23:59:59.999Z`,
})

export const activityQuery = (filters: AuditFilters) =>
  queryOptions({ queryKey: ['audit', 'all', filters], queryFn: ({ signal }) => client.listActivity(toInput(filters), { signal }) })

export const workspaceAuditQuery = (workspaceId: string, filters: AuditFilters) =>
  queryOptions({
    queryKey: ['audit', 'workspace', workspaceId, filters],
    queryFn: ({ signal }) => client.listWorkspaceAudit({ workspace_id: workspaceId, ...toInput(filters) }, { signal }),
  })

export const accountAuditQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['audit', 'account', accountId],
    queryFn: ({ signal }) => client.listAccountAudit({ account_id: accountId, limit: 25 }, { signal }),
  })
