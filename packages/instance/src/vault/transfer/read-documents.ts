import { AppError } from '@freehold/contract'
import { withoutGuard } from '@freehold/kit'
import { type CsvError, parse } from 'csv-parse'
import type { Readable } from 'node:stream'
import { fieldAt, type JsonSchema } from '../schema/field-types.ts'
import type { Data } from '../sealing.ts'

export type RecordFormat = 'jsonl' | 'csv'
/** A line of the file, and the document in it or why there is none. */
export type ReadDocument = { line: number } & ({ data: Data } | { fault: string })

const maxLineLength = 1024 * 1024

export function readDocuments(body: Readable, format: RecordFormat, schema: JsonSchema): AsyncGenerator<ReadDocument> {
  return format === 'csv' ? readCsv(body, schema) : readJsonLines(body)
}

async function* readJsonLines(body: Readable): AsyncGenerator<ReadDocument> {
  let line = 0
  for await (const text of linesOf(body)) {
    line += 1
    if (text.trim() !== '') yield { line, ...parseDocument(text) }
  }
}

async function* linesOf(body: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
    if (rest.length > maxLineLength) throw new AppError('too_large', 'A line is longer than 1 MiB. Send records of at most that.')
  }
  yield rest + decoder.decode()
}

function parseDocument(text: string): { data: Data } | { fault: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { fault: 'is not valid JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fault: 'is no JSON object' }
  return { data: value as Data }
}

type Column = { names: string[]; read: (cell: string) => unknown }

async function* readCsv(body: Readable, schema: JsonSchema): AsyncGenerator<ReadDocument> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxLineLength,
    // An empty cell is no field; `""` is an empty text.
    cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell) as string,
  })
  body.on('error', (error) => parser.destroy(error))
  let columns: Column[] | undefined
  let line = 1
  try {
    for await (const { record, info } of body.pipe(parser) as AsyncIterable<{ record: (string | null)[]; info: { lines: number } }>) {
      const at = line
      // A quoted cell may hold line breaks: a record is named by the line in which it begins.
      line = info.lines + 1
      if (columns) yield { line: at, ...toDocument(columns, record) }
      else columns = columnsOf(schema, record)
    }
  } catch (error) {
    if ((error as Partial<CsvError>).code?.startsWith('CSV_') !== true) throw error
    throw new AppError('invalid_request', `The CSV breaks in line ${line}. Quote cells with commas, quotes or line breaks (RFC 4180).`, {
      errors: [{ pointer: '/body', message: `line ${line}: ${(error as CsvError).code}` }],
    })
  }
}

function columnsOf(schema: JsonSchema, header: (string | null)[]): Column[] {
  const paths = header.map((cell) => (cell ?? '').trim())
  const wrong = paths.find((path, index) => path === '' || paths.indexOf(path) !== index || path.split('.').includes('__proto__'))
  if (wrong !== undefined) {
    throw new AppError(
      'invalid_request',
      `The header has an empty, doubled or forbidden name${wrong && `: \`${wrong}\``}. Name each field once.`,
      {
        errors: [{ pointer: '/body', message: 'line 1: the header must name each field once' }],
      },
    )
  }
  return paths.map((path) => {
    const field = fieldAt(schema, path)
    return { names: path.split('.'), read: readerOf(field === null || field === 'other' ? field : field.type) }
  })
}

/** What does not fit stays a text, so that the schema says what is wrong with it. */
function readerOf(type: 'string' | 'number' | 'boolean' | 'other' | null): (cell: string) => unknown {
  if (type === 'number') return (cell) => (/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(cell.trim()) ? Number(cell) : cell)
  if (type === 'boolean') return (cell) => ({ true: true, false: false })[cell.trim().toLowerCase()] ?? cell
  if (type === 'other') return readJson
  return withoutGuard
}

function readJson(cell: string): unknown {
  try {
    return JSON.parse(cell)
  } catch {
    return withoutGuard(cell)
  }
}

function toDocument(columns: Column[], cells: (string | null)[]): { data: Data } | { fault: string } {
  if (cells.length !== columns.length) return { fault: `has ${cells.length} cells, and the header ${columns.length}` }
  const data: Data = {}
  for (const [index, { names, read }] of columns.entries()) {
    const cell = cells[index]
    if (cell === null || cell === undefined) continue
    let holder = data
    for (const name of names.slice(0, -1)) {
      const inner = (holder[name] ??= {})
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner))
        return { fault: `has both \`${name}\` and a field inside it` }
      holder = inner as Data
    }
    holder[names.at(-1)!] = read(cell)
  }
  return { data }
}
