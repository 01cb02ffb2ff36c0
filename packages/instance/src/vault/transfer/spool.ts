import { AppError, type FieldError, type ImportReport } from '@freehold/contract'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CompiledSchema } from '../schema/compile-schema.ts'
import type { Data } from '../sealing.ts'
import { readDocuments, type RecordFormat } from './read-documents.ts'

const mostRecords = 100_000
const mostBytes = 256 * 2 ** 20
const mostErrors = 1000

/** The documents of a file that fit the schema, aside on the disk, and what is wrong with the others. */
export type Spool = { file: string; records: number; report: Report; remove(): Promise<void> }

/** Lines that were refused, the first of them with what is wrong. */
export class Report {
  refused = 0
  readonly errors: ImportReport['errors'] = []

  refuse(line: number, faults: readonly FieldError[]): void {
    this.refused += 1
    for (const { pointer, message } of faults) if (this.errors.length < mostErrors) this.errors.push({ line, pointer, message })
  }

  copy(): Report {
    const copy = new Report()
    copy.refused = this.refused
    copy.errors.push(...this.errors)
    return copy
  }
}

type Wanted = { format: RecordFormat; schema: CompiledSchema }

/** Reads a whole file, holds each document against the schema and keeps those that fit aside. Memory does not grow with the file. */
export async function spoolDocuments(body: Readable, { format, schema }: Wanted): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), 'freehold-import-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const spool: Spool = { file: join(folder, 'documents.jsonl'), records: 0, report: new Report(), remove }
  async function* fitting(): AsyncGenerator<string> {
    for await (const document of readDocuments(bounded(body), format, schema.schema)) {
      if (spool.records + spool.report.refused >= mostRecords) throw tooLarge()
      if ('fault' in document) {
        spool.report.refuse(document.line, [{ pointer: '', message: document.fault }])
        continue
      }
      const text = JSON.stringify(document.data)
      const faults = isUnstorable(text) ? [{ pointer: '', message: 'holds text that cannot be stored' }] : schema.validate(document.data)
      if (faults.length > 0) spool.report.refuse(document.line, faults)
      else {
        spool.records += 1
        yield `${document.line} ${text}\n`
      }
    }
  }
  try {
    await pipeline(Readable.from(fitting()), createWriteStream(spool.file, { mode: 0o600 }))
    return spool
  } catch (error) {
    await remove()
    throw error
  }
}

/** The documents again, so many at a time. */
export async function* batchesOf({ file }: Spool, size: number): AsyncGenerator<{ line: number; data: Data }[]> {
  let batch: { line: number; data: Data }[] = []
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const space = text.indexOf(' ')
    batch.push({ line: Number(text.slice(0, space)), data: JSON.parse(text.slice(space + 1)) as Data })
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function bounded(body: Readable): Readable {
  let bytes = 0
  return Readable.from(
    (async function* within() {
      for await (const chunk of body) {
        bytes += (chunk as Buffer).length
        if (bytes > mostBytes) throw tooLarge()
        yield chunk as Buffer
      }
    })(),
  )
}

function tooLarge(): AppError {
  return new AppError('too_large', 'An import is at most 100,000 records and 256 MiB. Split the file and import its parts.')
}

// JSON writes as escapes what Postgres does not store: U+0000, and halves of surrogate pairs.
function isUnstorable(json: string): boolean {
  return /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/.test(json) || /"__proto__":/.test(json)
}
