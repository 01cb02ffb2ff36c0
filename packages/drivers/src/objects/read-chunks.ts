import { ObjectTooLarge } from './object-errors.ts'

// Most bodies are small, and a buffer of many MiB for each of them would be most of the memory.
const firstBytes = 64 * 1024

type ReadOptions = {
  chunkBytes: number
  /** With the `offset` bytes that there are already. */
  maxBytes: number
  offset?: number
  signal?: AbortSignal | undefined
}

/**
 * Gathers a body into chunks of exactly `chunkBytes`, but for the last, which may be shorter. `take` gets one at a time, and the
 * next is filled while it is busy: two buffers are all the memory. What `take` was given is not kept beyond its end.
 *
 * Where the body fails, is cut or is longer than `maxBytes`, all that came up to there has been taken when this throws.
 * Where `take` fails, no more is read.
 */
export async function readChunks(
  body: AsyncIterable<Uint8Array>,
  { chunkBytes, maxBytes, offset = 0, signal }: ReadOptions,
  take: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  const room = Math.max(0, maxBytes - offset)
  const fullBytes = Math.max(1, Math.min(chunkBytes, room))
  let filling: Buffer = Buffer.allocUnsafeSlow(Math.min(fullBytes, firstBytes))
  let spare: Buffer | null = null
  let filled = 0
  let size = 0
  let taking: Promise<void> = Promise.resolve()
  let isTakeBroken = false

  const handOver = async () => {
    await taking
    const full = filling
    taking = take(full.subarray(0, filled))
    // Awaited before the next one; until then its failure is nobody's.
    taking.catch(() => (isTakeBroken = true))
    filling = spare ?? Buffer.allocUnsafeSlow(full.length)
    spare = full
    filled = 0
  }

  try {
    for await (const chunk of untilAborted(body, signal)) {
      const bytes = chunk.subarray(0, room - size)
      for (let at = 0; at < bytes.length;) {
        const part = bytes.subarray(at, at + filling.length - filled)
        filling.set(part, filled)
        filled += part.length
        at += part.length
        if (filled < filling.length) continue
        if (filled === fullBytes) await handOver()
        else filling = Buffer.concat([filling], Math.min(fullBytes, filled * 4))
      }
      size += bytes.length
      if (bytes.length < chunk.length) throw new ObjectTooLarge(maxBytes)
    }
  } finally {
    if (filled > 0 && !isTakeBroken) await handOver()
    await taking
  }
}

/** The chunks of a body; throws the signal's reason as soon as it aborts, even while the body is silent. */
async function* untilAborted(body: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted()
  if (!signal) return yield* body
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  aborted.catch(() => undefined)
  const onAbort = () => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  const chunks = body[Symbol.asyncIterator]()
  let isOver = false
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), aborted])
      isOver = next.done ?? false
      if (isOver) return
      yield next.value as Uint8Array
    }
  } catch (error) {
    isOver = !signal.aborted
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
    // Not awaited: a silent body would answer only after its next chunk.
    if (!isOver) void Promise.resolve(chunks.return?.()).catch(() => undefined)
  }
}
