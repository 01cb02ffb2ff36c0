import type { BytesAnswer, ExportPart, Handler, RequestContext } from '@freehold/authz/request'
import { type ExportFormat, exportFormats } from '@freehold/contract'
import { Readable } from 'node:stream'
import { findWorkspaceLabel } from './queries.ts'
import { type Export, writeJson, writeJsonLines } from './write-json.ts'
import { writeZip } from './write-zip.ts'

type Withheld = Export['header']['withheld'][number]

const mediaTypes: Record<ExportFormat, { type: string; extension: string }> = {
  jsonl: { type: 'application/jsonl; charset=utf-8', extension: 'jsonl' },
  json: { type: 'application/json; charset=utf-8', extension: 'json' },
  csv: { type: 'application/zip', extension: 'zip' },
}

/** GF-12: all of a workspace that the caller may read. `parts` are those of every resource there is, in the order of the export. */
export function exportWorkspace(parts: readonly ExportPart[]): Handler<'exportWorkspace'> {
  return async (ctx, { query }) => {
    const workspace = ctx.granted('workspace', 'read')
    const { name, slug, settings } = await findWorkspaceLabel(ctx.db, workspace.id)
    const format = query.format ?? formatOf(settings)
    const withheld = parts.flatMap((part): Withheld[] => withheldOf(ctx, part))
    const given = parts.filter((part) => !withheld.some((other) => other.part === part.name))
    await ctx.mutate('workspace.export', workspace, async () => ({
      resource: { kind: 'workspace', id: workspace.id, label: name },
      after: { format, parts: given.map((part) => part.name), withheld: withheld.map(({ part }) => part) },
      result: null,
    }))
    const header: Export['header'] = {
      resource: 'export',
      version: 1,
      workspace_id: workspace.id,
      exported_at: ctx.clock.now().toISOString(),
      parts: given.map((part) => part.name),
      withheld,
    }
    return answerOf(format, `${slug}-${header.exported_at.slice(0, 10)}`, (signal) => ({ ctx, signal, header, parts: given }))
  }
}

function answerOf(format: ExportFormat, fileName: string, begin: (signal: AbortSignal) => Export): BytesAnswer {
  const { type, extension } = mediaTypes[format]
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${fileName}.${extension}"`,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    },
    async open(signal) {
      const begun = begin(signal)
      if (format === 'csv') return writeZip(begun)
      return Readable.from(format === 'json' ? writeJson(begun) : writeJsonLines(begun), { objectMode: false })
    },
  }
}

/** Why a part is not in the caller's export, if it is not. */
function withheldOf(ctx: RequestContext, { name, permission, perEnvironment }: ExportPart): Withheld[] {
  if (permission !== undefined && !ctx.permissions.has(permission)) return [{ part: name, permission }]
  if (perEnvironment && ctx.principal.limits.environments.length > 0) return [{ part: name, permission: 'environment' }]
  return []
}

/** Settings are whatever somebody has stored there. */
function formatOf(settings: Record<string, unknown>): ExportFormat {
  return exportFormats.find((format) => format === settings['export_format']) ?? 'jsonl'
}
