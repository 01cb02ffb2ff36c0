import { type AnyRoute, contract, type OperationId, type Permission } from '@freehold/contract'
import type { PageOf, RequestContext } from './context.ts'
import type { ExportPart } from './export-part.ts'

const pageSize = 500

type ListVerb = (ctx: RequestContext, input: never) => Promise<PageOf<object>>

/**
 * The part of a resource whose list says it all: the list itself, page by page. Its name is the list's path inside the
 * workspace (`api_keys`, `vault_collections`); columns and permission are those of the route.
 */
export function exportOfList(operationId: OperationId, list: ListVerb): ExportPart {
  const route: AnyRoute = contract[operationId]
  const { guard, response } = route
  const { items } = response as unknown as { items: { properties: object } }
  const permission = 'on' in guard && guard.on === 'workspace' && guard.permission !== 'read' ? guard.permission : undefined
  return {
    name: nameOf(route.path),
    columns: Object.keys(items.properties),
    ...(permission && { permission: permission as Permission<'workspace'> }),
    async *rows(ctx, workspaceId) {
      let cursor: string | null | undefined
      do {
        const query = { limit: pageSize, ...(cursor && { cursor }) }
        const page: PageOf<object> = await list(ctx, { params: { workspace_id: workspaceId }, query } as never)
        yield* page.items as Record<string, unknown>[]
        cursor = page.next
      } while (cursor !== null)
    },
  }
}

function nameOf(path: string): string {
  const inside = path.split('/').slice(path.split('/').indexOf(':workspace_id') + 1)
  return inside
    .filter((segment) => !segment.startsWith(':'))
    .join('_')
    .replaceAll('-', '_')
}
