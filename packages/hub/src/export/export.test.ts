import type { ExportPart, RequestContext } from '@freehold/authz/request'
import { newId } from '@freehold/kit'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { type Export, writeJson, writeJsonLines } from './write-json.ts'
import { writeZip } from './write-zip.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A turn of the event loop. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A part of a million pages of noise, each of 64 KiB, and how many of them were read. */
function endlessPart() {
  const seen = { pages: 0, isOver: false }
  const part: ExportPart = {
    name: 'noise',
    columns: ['text'],
    async *pages() {
      try {
        while (seen.pages < 1_000_000) {
          seen.pages += 1
          // Not to be compressed, so that an archive grows as fast.
          const text = Array.from({ length: 1800 }, newId).join('')
          yield { count: 1, text: JSON.stringify({ text }) }
          await turn()
        }
      } finally {
        seen.isOver = true
      }
    },
  }
  return { part, seen }
}

function begun(part: ExportPart, signal = new AbortController().signal): Export {
  const header: Export['header'] = {
    resource: 'export',
    version: 1,
    workspace_id: newId(),
    exported_at: new Date().toISOString(),
    parts: [part.name],
    withheld: [],
  }
  return { ctx: {} as RequestContext, signal, header, parts: [part] }
}

const forms = {
  jsonl: (wanted: Export) => Readable.from(writeJsonLines(wanted), { objectMode: false }),
  json: (wanted: Export) => Readable.from(writeJson(wanted), { objectMode: false }),
  csv: writeZip,
}

/** A client that has asked for the export and reads nothing more than its beginning. */
async function startReading(body: () => Readable) {
  const server = createServer((_request, response) => void pipeline(body(), response, () => undefined)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  closers.push(() => (socket.destroy(), server.close()))
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(socket, 'readable')
  return socket
}

/** Waits until nothing more has been read for many times the turns that a page takes. */
async function settled(seen: { pages: number }): Promise<number> {
  for (let before = -1; before !== seen.pages;) {
    before = seen.pages
    for (let turns = 0; turns < 20_000; turns++) await turn()
  }
  return seen.pages
}

test.each(Object.keys(forms) as (keyof typeof forms)[])(
  'GF-12 %s: a client that reads slowly does not make the server buffer',
  async (form) => {
    const { part, seen } = endlessPart()
    const socket = await startReading(() => forms[form](begun(part)))
    // What the system's own buffers of a connection take, and a page or two.
    const before = await settled(seen)
    expect(before).toBeLessThan(400)
    socket.resume()
    while (seen.pages < before + 50) await turn()
  },
)

test.each(Object.keys(forms) as (keyof typeof forms)[])('GF-12 %s: a client that goes away ends the reads', async (form) => {
  const { part, seen } = endlessPart()
  const socket = await startReading(() => forms[form](begun(part)))
  socket.resume()
  while (seen.pages < 50) await turn()
  socket.destroy()
  while (!seen.isOver) await turn()
  expect(await settled(seen)).toBeLessThan(1_000_000)
})

test.each(Object.keys(forms) as (keyof typeof forms)[])(
  'GF-12 %s: what fails in the middle ends the export, which then is not whole',
  async (form) => {
    const part: ExportPart = {
      name: 'broken',
      columns: ['a'],
      async *rows() {
        yield { a: 1 }
        throw new Error('the database is away')
      },
    }
    const read = async () => {
      let text = ''
      for await (const chunk of forms[form](begun(part))) text += String(chunk)
      return text
    }
    await expect(read()).rejects.toThrow('the database is away')
  },
)
