import Type from 'typebox'
import { route } from '../route.ts'
import { pageQuery, Strict, Uuid } from '../schemas/fields.ts'
import { Session } from '../schemas/session.ts'

const reading = {
  permission: 'read',
  on: 'workspace',
  tenants: 'Sessions carry their tenant, and row-level security shows a tenant its own alone.',
} as const

export const sessionRoutes = {
  listSessions: route({
    operationId: 'listSessions',
    summary: "List a workspace's sessions",
    description: 'A tenant sees its own.',
    tag: 'Sessions',
    method: 'GET',
    path: '/v1/workspaces/:workspace_id/sessions',
    plane: 'instance',
    guard: { ...reading, id: 'workspace_id' },
    params: Strict({ workspace_id: Uuid }),
    query: Strict(pageQuery),
    response: Type.Array(Session),
    status: 200,
    list: true,
  }),
  listProjectSessions: route({
    operationId: 'listProjectSessions',
    summary: "List a workspace's sessions, by its slug or id",
    description: 'The same list, at the address that scripts know.',
    tag: 'Sessions',
    method: 'GET',
    path: '/api/projects/:workspace/sessions',
    plane: 'instance',
    guard: { ...reading, id: 'workspace', by: 'slug' },
    params: Strict({ workspace: Type.String({ minLength: 1, maxLength: 63, pattern: '^[A-Za-z0-9-]+$', description: 'Slug or UUID' }) }),
    query: Strict(pageQuery),
    response: Type.Array(Session),
    status: 200,
    list: true,
  }),
}
