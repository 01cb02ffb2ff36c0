import { type ExportPart, renewing, rowsOf } from '@freehold/authz/request'
import { csvLine } from '@freehold/kit'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Export } from './write-json.ts'

const chunkLength = 64 * 1024

/** A zip of a CSV file for each part, and behind them `export.json`: the header, and how many rows each part had. */
export function writeZip(begun: Export): Readable {
  const zip = new ZipFile()
  const rows: Record<string, number> = {}
  const mtime = new Date(begun.header.exported_at)
  const options = { mtime, mode: 0o100600 }
  const output = zip.outputStream as Readable
  let source: Readable | undefined
  // What fails ends the archive, which would wait for it without end; what reads for the archive ends with it.
  const entry = (lines: AsyncGenerator<string>) => {
    source = Readable.from(lines, { objectMode: false })
    source.on('error', (error) => output.destroy(error))
    return source
  }
  output.once('close', () => source?.destroy())
  for (const part of begun.parts) {
    zip.addReadStreamLazy(`${part.name}.csv`, options, (give) => give(null, entry(csvOf(begun, part, rows))))
  }
  zip.addReadStreamLazy('export.json', options, (give) => give(null, entry(manifestOf(begun, rows))))
  zip.end()
  return output
}

async function* csvOf({ ctx, signal, header }: Export, part: ExportPart, rows: Record<string, number>): AsyncGenerator<string> {
  let chunk = csvLine(part.columns)
  rows[part.name] = 0
  for await (const row of rowsOf(part, renewing(ctx, { signal, permission: part.permission }), header.workspace_id)) {
    rows[part.name]! += 1
    chunk += csvLine(part.columns.map((column) => row[column]))
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

// Made when the parts before it have been counted.
async function* manifestOf({ header }: Export, rows: Record<string, number>): AsyncGenerator<string> {
  yield `${JSON.stringify({ ...header, rows }, null, 2)}\n`
}
