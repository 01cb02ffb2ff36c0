import { type ExportPage, type ExportPart, renewing, type RequestContext } from '@freehold/authz/request'

export type Export = {
  ctx: RequestContext
  signal: AbortSignal
  parts: readonly ExportPart[]
  header: {
    resource: 'export'
    version: 1
    workspace_id: string
    exported_at: string
    parts: string[]
    /** Parts that the caller may not read, and the permission that it lacks for them. */
    withheld: { part: string; permission: string }[]
  }
}

const chunkLength = 64 * 1024

/** `{"resource": …, "data": {…}}` a line, between the header and the footer. */
export async function* writeJsonLines(begun: Export): AsyncGenerator<string, void, undefined> {
  yield `${JSON.stringify(begun.header)}\n`
  const rows: Record<string, number> = {}
  for (const part of begun.parts) {
    const before = `{"resource":${JSON.stringify(part.name)},"data":`
    const between = `}\n${before}`
    rows[part.name] = 0
    for await (const { count, text } of pagesAhead(begun, part, between)) {
      rows[part.name]! += count
      yield `${before}${text}}\n`
    }
  }
  yield `${JSON.stringify({ resource: 'footer', rows })}\n`
}

/** The header's fields, then `data` with an array for each part, then `rows`. */
export async function* writeJson(begun: Export): AsyncGenerator<string, void, undefined> {
  yield `${JSON.stringify(begun.header).slice(0, -1)},\n"data":{`
  const rows: Record<string, number> = {}
  for (const [index, part] of begun.parts.entries()) {
    yield `${index === 0 ? '' : ','}\n${JSON.stringify(part.name)}:[`
    rows[part.name] = 0
    for await (const { count, text } of pagesAhead(begun, part, ',\n')) {
      yield `${rows[part.name] === 0 ? '' : ','}\n${text}`
      rows[part.name]! += count
    }
    yield ']'
  }
  yield `},\n"rows":${JSON.stringify(rows)}}\n`
}

/** A part's pages, the next one read while the last one is being sent; no more than that, however slowly the client reads. */
async function* pagesAhead(begun: Export, part: ExportPart, between: string): AsyncGenerator<ExportPage, void, undefined> {
  const pages = pagesOf(begun, part, between)[Symbol.asyncIterator]()
  let next = pages.next()
  try {
    for (let page = await next; !page.done; page = await next) {
      next = pages.next()
      // Thrown where it is awaited; until then nobody handles it.
      next.catch(() => undefined)
      yield page.value
    }
  } finally {
    await next.catch(() => undefined)
    await pages.return?.()
  }
}

async function* pagesOf({ ctx, signal, header }: Export, part: ExportPart, between: string): AsyncGenerator<ExportPage, void, undefined> {
  const reading = renewing(ctx, { signal, permission: part.permission })
  if ('pages' in part) {
    for await (const page of part.pages(reading, header.workspace_id, between)) if (page.count > 0) yield page
    return
  }
  let lines: string[] = []
  let length = 0
  for await (const row of part.rows(reading, header.workspace_id)) {
    const line = JSON.stringify(row)
    lines.push(line)
    length += line.length
    if (length < chunkLength) continue
    yield { count: lines.length, text: lines.join(between) }
    lines = []
    length = 0
  }
  if (lines.length > 0) yield { count: lines.length, text: lines.join(between) }
}
