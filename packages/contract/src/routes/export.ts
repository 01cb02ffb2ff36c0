import Type from 'typebox'
import { route } from '../route.ts'
import { ExportFormat } from '../schemas/export.ts'
import { Nothing, Strict, Uuid } from '../schemas/fields.ts'

export const exportRoutes = {
  exportWorkspace: route({
    operationId: 'exportWorkspace',
    summary: 'Export a workspace',
    description:
      'All that you may read of it, never a secret value, streamed. The format is the one asked for, else `export_format` of the ' +
      "workspace's settings, else `jsonl`. The first line tells the parts, and which were withheld for want of a permission; the last " +
      'one, `footer`, how many rows each part had: without it the export is cut short. Each export leaves an event.',
    tag: 'Export',
    method: 'GET',
    path: '/v1/workspaces/:workspace_id/export',
    plane: 'hub',
    guard: { permission: 'read', on: 'workspace', id: 'workspace_id' },
    params: Strict({ workspace_id: Uuid }),
    query: Strict({ format: Type.Optional(ExportFormat) }),
    response: Nothing,
    status: 200,
    stream: 'bytes',
    audit: 'workspace.export',
    whenArchived: { allow: 'What a workspace holds can always be taken out of it.' },
  }),
}
