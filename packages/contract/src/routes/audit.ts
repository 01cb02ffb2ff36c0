import Type from 'typebox'
import { route } from '../route.ts'
import { AuditEvent, auditQuery, ChainVerification, SealedEvent } from '../schemas/audit.ts'
import { Nothing, Strict, Uuid } from '../schemas/fields.ts'

const params = Strict({ workspace_id: Uuid })
const guard = { permission: 'read', on: 'workspace', id: 'workspace_id' } as const

export const auditRoutes = {
  listActivity: route({
    operationId: 'listActivity',
    summary: 'What happened in all that you may read',
    description: 'The feeds of your accounts and workspaces in one, newest first.',
    tag: 'Audit',
    method: 'GET',
    path: '/v1/activity',
    plane: 'hub',
    guard: { self: 'Only events of accounts and workspaces that the caller may read are listed.' },
    query: auditQuery,
    response: Type.Array(AuditEvent),
    status: 200,
    list: true,
  }),
  listWorkspaceAudit: route({
    operationId: 'listWorkspaceAudit',
    summary: 'What happened in a workspace',
    tag: 'Audit',
    method: 'GET',
    path: '/v1/workspaces/:workspace_id/audit',
    plane: 'hub',
    guard,
    params,
    query: auditQuery,
    response: Type.Array(AuditEvent),
    status: 200,
    list: true,
  }),
  streamWorkspaceAudit: route({
    operationId: 'streamWorkspaceAudit',
    summary: 'Follow what happens in a workspace',
    description: 'Server-sent events `audit`, each with its `seq` as id; `Last-Event-ID` resumes after it.',
    tag: 'Audit',
    method: 'GET',
    path: '/v1/workspaces/:workspace_id/audit/events',
    plane: 'hub',
    guard,
    params,
    response: Nothing,
    status: 200,
    stream: 'sse',
  }),
  verifyWorkspaceAudit: route({
    operationId: 'verifyWorkspaceAudit',
    summary: "Verify a workspace's audit chain",
    tag: 'Audit',
    method: 'GET',
    path: '/v1/workspaces/:workspace_id/audit/verify',
    plane: 'hub',
    guard,
    params,
    response: ChainVerification,
    status: 200,
  }),
  exportWorkspaceAudit: route({
    operationId: 'exportWorkspaceAudit',
    summary: "Export a workspace's audit chain",
    description: 'JSON Lines, oldest first, sealed events only; `freehold audit verify FILE` checks it offline.',
    tag: 'Audit',
    method: 'GET',
    path: '/v1/workspaces/:workspace_id/audit/export',
    plane: 'hub',
    guard,
    params,
    response: SealedEvent,
    status: 200,
    stream: 'jsonl',
  }),
}
