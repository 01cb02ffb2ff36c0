import { newId } from '@freehold/kit'
import { expect, test } from 'vitest'
import { ObjectTooLarge, OffsetMismatch, UploadBusy, UploadMissing } from '../object-errors.ts'
import type { ObjectStore } from '../object-store.ts'
import { bodyOf, cutAfter, mib, newKey, randomBytes, sha256, silentAfter } from './bodies.ts'
import { readAll } from './objects.ts'

const maxBytes = 100 * mib

/** What every store promises of resumable uploads. */
export function uploadCases(getStore: () => ObjectStore): void {
  /** Appends pieces of these lengths, asking after each how far it is, and finishes. */
  async function uploadInPieces(lengths: number[]) {
    const [key, bytes] = [newKey(), randomBytes(lengths.reduce((sum, length) => sum + length, 0))]
    const uploadId = await getStore().startParts(key)
    let offset = 0
    for (const length of lengths) {
      const body = bodyOf(bytes.subarray(offset, offset + length))
      expect(await getStore().appendPart(key, uploadId, { offset, body, maxBytes: bytes.length })).toBe(offset + length)
      offset += length
      expect(await getStore().partsSize(key, uploadId)).toBe(offset)
      expect(await getStore().head(key)).toBeNull()
    }
    return { key, uploadId, bytes }
  }

  test.each([
    ['nothing', []],
    ['empty pieces', [0, 0]],
    ['one byte after the other', [1, 1, 1]],
    ['pieces below what a part must have', [3 * mib, 3 * mib, 4 * mib, 4 * mib, 2 * mib, 3 * mib]],
    ['exactly a part, and one byte', [16 * mib, 1]],
    ['one byte less than a part, and two', [16 * mib - 1, 2, 0]],
    ['parts', [20 * mib, 33 * mib, 5]],
  ])('an upload of %s becomes the object of all of it', async (_, lengths) => {
    const { key, uploadId, bytes } = await uploadInPieces(lengths)
    const stored = { size: bytes.length, sha256: sha256(bytes) }
    expect(await getStore().finishParts(key, uploadId)).toEqual(stored)
    expect(await getStore().partsSize(key, uploadId)).toBeNull()
    expect((await readAll(getStore(), key)).equals(bytes)).toBe(true)
    // Whoever did not hear the answer asks again.
    expect(await getStore().finishParts(key, uploadId)).toEqual(stored)
  })

  test.each([100, 20 * mib])('what arrived before the connection was cut after %i bytes is kept', async (length) => {
    const [key, bytes, fault] = [newKey(), randomBytes(25 * mib), new Error('cut')]
    const uploadId = await getStore().startParts(key)
    const append = (offset: number, body: AsyncIterable<Uint8Array>) => getStore().appendPart(key, uploadId, { offset, body, maxBytes })
    await append(0, bodyOf(bytes.subarray(0, 10)))
    await expect(append(10, cutAfter(bytes.subarray(10, length), fault))).rejects.toBe(fault)
    expect(await getStore().partsSize(key, uploadId)).toBe(length)
    await expect(append(length, cutAfter(Buffer.alloc(0), fault))).rejects.toBe(fault)
    expect(await append(length, bodyOf(bytes.subarray(length)))).toBe(bytes.length)
    expect((await getStore().finishParts(key, uploadId)).sha256).toBe(sha256(bytes))
  })

  test('a silent append that is called off keeps what came', async () => {
    const [key, stop, { body, silent }] = [newKey(), new AbortController(), silentAfter(randomBytes(1000))]
    const uploadId = await getStore().startParts(key)
    const append = getStore().appendPart(key, uploadId, { offset: 0, body, maxBytes, signal: stop.signal })
    await silent
    stop.abort(new Error('called off'))
    await expect(append).rejects.toThrow('called off')
    expect(await getStore().partsSize(key, uploadId)).toBe(1000)
  })

  test('an append anywhere but at the end is refused with where the end is, and changes nothing', async () => {
    const key = newKey()
    const uploadId = await getStore().startParts(key)
    await getStore().appendPart(key, uploadId, { offset: 0, body: bodyOf('four'), maxBytes })
    for (const offset of [0, 3, 5, 16 * mib]) {
      const append = getStore().appendPart(key, uploadId, { offset, body: bodyOf('x'), maxBytes })
      await expect(append).rejects.toSatisfy((error) => error instanceof OffsetMismatch && error.size === 4)
    }
    await getStore().finishParts(key, uploadId)
    expect((await readAll(getStore(), key)).toString()).toBe('four')
  })

  test('an upload never has more bytes than it may, and never fewer than it had', async () => {
    const key = newKey()
    const uploadId = await getStore().startParts(key)
    const append = (offset: number, text: string, limit: number) =>
      getStore().appendPart(key, uploadId, { offset, body: bodyOf(text), maxBytes: limit })
    await append(0, 'four', 4)
    await expect(append(4, 'x', 4)).rejects.toBeInstanceOf(ObjectTooLarge)
    await expect(append(4, 'x', 3)).rejects.toBeInstanceOf(ObjectTooLarge)
    expect(await getStore().partsSize(key, uploadId)).toBe(4)
    await expect(append(4, 'more', 6)).rejects.toSatisfy((error) => error instanceof ObjectTooLarge && error.maxBytes === 6)
    expect(await getStore().partsSize(key, uploadId)).toBeLessThanOrEqual(6)
  })

  test('two appends at once: the second is told so', async () => {
    const [key, { body, silent, end }] = [newKey(), silentAfter(Buffer.from('first'))]
    const uploadId = await getStore().startParts(key)
    const first = getStore().appendPart(key, uploadId, { offset: 0, body, maxBytes })
    await silent
    await expect(getStore().appendPart(key, uploadId, { offset: 0, body: bodyOf('x'), maxBytes })).rejects.toBeInstanceOf(UploadBusy)
    await expect(getStore().finishParts(key, uploadId)).rejects.toBeInstanceOf(UploadBusy)
    end()
    expect(await first).toBe(5)
  })

  test.each([10, 20 * mib])('an upload of %i bytes that is dropped leaves nothing', async (size) => {
    const { key, uploadId } = await uploadInPieces([size])
    await getStore().abortParts(key, uploadId)
    expect(await getStore().partsSize(key, uploadId)).toBeNull()
    await getStore().abortParts(key, uploadId)
    await expect(getStore().finishParts(key, uploadId)).rejects.toBeInstanceOf(UploadMissing)
    await expect(getStore().appendPart(key, uploadId, { offset: size, body: bodyOf('x'), maxBytes })).rejects.toBeInstanceOf(UploadMissing)
    expect(await getStore().head(key)).toBeNull()
  })

  test('an upload belongs to its key', async () => {
    const [key, other] = [newKey(), newKey()]
    const uploadId = await getStore().startParts(key)
    await getStore().appendPart(key, uploadId, { offset: 0, body: bodyOf('mine'), maxBytes })
    for (const unknown of [uploadId, newId(), '../x', '']) {
      expect(await getStore().partsSize(other, unknown)).toBeNull()
      await getStore().abortParts(other, unknown)
      await expect(getStore().finishParts(other, unknown)).rejects.toBeInstanceOf(UploadMissing)
    }
    expect(await getStore().partsSize(key, uploadId)).toBe(4)
  })

  test('the sweep takes uploads that were forgotten, and no other and no object', async () => {
    const { key, uploadId } = await uploadInPieces([20 * mib])
    const object = newKey()
    await getStore().put(object, bodyOf('stays'), { maxBytes })
    await getStore().sweep(new Date(Date.now() - 60_000))
    expect(await getStore().partsSize(key, uploadId)).toBe(20 * mib)
    // S3 tells whole seconds.
    expect(await getStore().sweep(new Date(Date.now() + 2000))).toBeGreaterThan(0)
    expect(await getStore().partsSize(key, uploadId)).toBeNull()
    expect(await getStore().sweep(new Date(Date.now() + 2000))).toBe(0)
    expect(await getStore().head(object)).toEqual({ size: 5 })
  })
}
