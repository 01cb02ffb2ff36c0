import type { ExportPart, Handlers } from '@freehold/authz/request'
import { exportWorkspace } from './export-workspace.ts'

/** `parts` are what every resource of both planes adds to an export, in its order. */
export function exportHandlers(parts: readonly ExportPart[]) {
  return { exportWorkspace: exportWorkspace(parts) } satisfies Partial<Handlers>
}
