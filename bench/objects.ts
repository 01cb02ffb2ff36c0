// Stores of objects against plain files and a bare S3 client, side by side in one run; each stored object is checked by its SHA-256.
//   node bench/objects.ts [--mib 512] [--rounds 5] [--folder /dev/shm]
// The S3 half runs where versitygw is installed (see CONTRIBUTING.md).
import { createLocalObjects, type ObjectStore } from '@freehold/drivers'
import { createS3Objects } from '@freehold/drivers/s3'
import { newId } from '@freehold/kit'
import { startS3Server } from '@freehold/testing'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'

const { values: flags } = parseArgs({
  options: {
    mib: { type: 'string', default: '512' },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string', default: tmpdir() },
  },
})
const mib = 1024 * 1024
const sizeMib = Number(flags.mib)
const never = new AbortController().signal
const piece = Buffer.alloc(64 * 1024, 'freehold')

/** In pieces as a socket brings them. */
async function* body() {
  for (let sent = 0; sent < sizeMib * mib; sent += piece.length) yield piece
}
const hash = createHash('sha256')
for await (const bytes of body()) hash.update(bytes)
const sha256 = hash.digest('hex')

const folder = mkdtempSync(join(flags.folder, 'freehold-bench-objects-'))
const s3 = await startS3Server().catch((error: Error) => console.log(error.message))
try {
  const file = join(folder, 'plain')
  const writePlain = () => pipeline(body, createWriteStream(file, { flush: true }))
  const readPlain = () => drain(createReadStream(file, { highWaterMark: mib }))
  await compare(
    'plain file',
    { write: writePlain, read: readPlain },
    'directory',
    contender(createLocalObjects({ directory: join(folder, 'objects') })),
  )
  if (s3)
    await compare(
      'plain file',
      { write: writePlain, read: readPlain },
      'S3 (versitygw)',
      contender(createS3Objects({ ...s3, pathStyle: true })),
    )
} finally {
  await s3?.stop()
  rmSync(folder, { recursive: true })
}

type Contender = { write(): Promise<unknown>; read(): Promise<unknown> }

function contender(store: ObjectStore): Contender {
  const key = `${newId()}/${newId()}`
  return {
    async write() {
      const stored = await store.put(key, body(), { maxBytes: sizeMib * mib })
      if (stored.sha256 !== sha256) throw new Error('the checksum is wrong')
    },
    read: async () => drain(await store.get(key, null, never)),
  }
}

async function drain(stream: AsyncIterable<Buffer>): Promise<void> {
  let read = 0
  for await (const chunk of stream) read += chunk.length
  if (read !== sizeMib * mib) throw new Error(`${read} bytes were read`)
}

/** Rounds in turn, the order reversed each time; the median of the ratios of pairs. */
async function compare(baseName: string, base: Contender, name: string, other: Contender): Promise<void> {
  for (const act of ['write', 'read'] as const) {
    await base[act]()
    await other[act]()
    const [ratios, baseSpeeds, speeds]: number[][] = [[], [], []]
    for (let round = 0; round < Number(flags.rounds); round++) {
      const pair = round % 2 === 0 ? [base, other] : [other, base]
      const took = new Map<Contender, number>()
      for (const one of pair) took.set(one, await timeOf(() => one[act]()))
      ratios!.push(took.get(base)! / took.get(other)!)
      baseSpeeds!.push((sizeMib / took.get(base)!) * 1000)
      speeds!.push((sizeMib / took.get(other)!) * 1000)
    }
    console.log(
      `${act.padEnd(6)} ${name}: ${median(speeds!).toFixed(0)} MiB/s, ${baseName} ${median(baseSpeeds!).toFixed(0)} MiB/s, ratio ${median(ratios!).toFixed(2)}`,
    )
  }
  console.log(`peak memory of this process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`)
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
