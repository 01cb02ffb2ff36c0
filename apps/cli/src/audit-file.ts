import { createReadStream } from 'node:fs'
import { canonicalJson } from '@freehold/kit/audit-chain'

const newline = 0x0a
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The lines of an export as `verifyChain` takes them, from a file or, for `-`, standard input; null for a line that is not as it was
 * exported. A line has to be compact JSON, letter for letter: otherwise a second `action` before the first, say, would show a reader
 * something else than what was hashed.
 */
export async function* readExport(path: string): AsyncGenerator<object | null, void, undefined> {
  const source: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path)
  let begun: Buffer[] = []
  for await (const chunk of source) {
    let from = 0
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      yield parseLine(Buffer.concat([...begun, chunk.subarray(from, at)]))
      begun = []
      from = at + 1
    }
    if (from < chunk.length) begun.push(chunk.subarray(from))
  }
  if (begun.length > 0) yield parseLine(Buffer.concat(begun))
}

function parseLine(bytes: Buffer): object | null {
  try {
    const line = decoder.decode(bytes)
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null) return null
    return JSON.stringify(value) === line || canonicalJson(value) === line ? value : null
  } catch {
    return null
  }
}
