import { hashKnown, knownBytes } from './bodies.ts'
import { open, type Task } from './other-process.ts'

// Started by startOther. Each message says how far it is.
const [name = '', text = ''] = process.argv.slice(2)
const { opening, key, uploadId = '', size } = JSON.parse(text) as Task
const store = await open(opening)
const tell = (message: unknown) => process.send?.(message)
process.on('disconnect', () => process.exit(1))

/** Tells when half of it is on its way, and then of each further piece. */
async function* announced() {
  let at = 0
  for await (const piece of knownBytes(0, size)) {
    yield piece
    at += piece.length
    if (at >= size / 2) tell(at)
  }
}

async function* unfinished() {
  yield* knownBytes(0, size - 1)
  await new Promise(() => undefined)
}

const tasks: Record<string, () => Promise<void>> = {
  async put() {
    await store.put(key, announced(), { maxBytes: size })
  },
  /** Ends only by being killed. */
  async append() {
    await store.appendPart(key, uploadId, { offset: 0, body: unfinished(), maxBytes: size })
  },
  /** By how much the memory of a process grows that stores and reads an object. */
  async measure() {
    await hashKnown(size)
    const before = process.resourceUsage().maxRSS * 1024
    const stored = await store.put(key, knownBytes(0, size), { maxBytes: size })
    let read = 0
    for await (const chunk of await store.get(key, null, new AbortController().signal)) read += (chunk as Buffer).length
    tell({ grownBytes: process.resourceUsage().maxRSS * 1024 - before, stored, read })
  },
}
await tasks[name]!()
store.close()
process.disconnect()
