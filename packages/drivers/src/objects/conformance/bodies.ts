import { createHash, randomFillSync } from 'node:crypto'
import { newId } from '@freehold/kit'

export const mib = 1024 * 1024
export const newKey = (workspaceId = newId()) => `${workspaceId}/${newId()}`
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
export const randomBytes = (size: number) => randomFillSync(Buffer.allocUnsafe(size))

/** A body of those bytes, in pieces as a socket brings them. */
export async function* bodyOf(bytes: Uint8Array | string, pieceBytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(bytes)
  for (let at = 0; at < all.length; at += pieceBytes) yield all.subarray(at, at + pieceBytes)
}

/** A body that breaks off after those bytes. */
export async function* cutAfter(bytes: Uint8Array, fault: Error): AsyncGenerator<Uint8Array> {
  yield* bodyOf(bytes)
  throw fault
}

/** A body that says no more after those bytes, until `end` is called. */
export function silentAfter(bytes: Uint8Array) {
  const { promise, resolve: end } = Promise.withResolvers<void>()
  const { promise: silent, resolve: fallSilent } = Promise.withResolvers<void>()
  async function* pieces() {
    yield* bodyOf(bytes)
    fallSilent()
    await promise
  }
  return { body: pieces(), silent, end }
}

// Its length is no multiple of a chunk's, so that chunks in a wrong order are other bytes.
const period = Buffer.from(Array.from({ length: 65_537 }, (_, index) => (index * 131 + (index >> 8)) & 0xff))

/** Bytes known by their position, for bodies that two processes send and that fit in no memory. */
export async function* knownBytes(from: number, to: number): AsyncGenerator<Buffer> {
  for (let at = from; at < to;) {
    const piece = period.subarray(at % period.length).subarray(0, to - at)
    yield piece
    at += piece.length
  }
}

export async function hashKnown(size: number): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of knownBytes(0, size)) hash.update(piece)
  return hash.digest('hex')
}
