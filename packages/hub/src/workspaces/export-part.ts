import type { ExportPart } from '@freehold/authz/request'
import { contract } from '@freehold/contract'
import { getWorkspace } from './get-workspace.ts'

/** Its one row, without what the caller may do. */
export const workspaceExport: ExportPart = {
  name: 'workspace',
  columns: Object.keys(contract.getWorkspace.response.properties).filter((column) => column !== 'permissions'),
  async *rows(ctx) {
    const { permissions: _, ...workspace } = await getWorkspace(ctx)
    yield workspace
  },
}
