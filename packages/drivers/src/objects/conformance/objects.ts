import { newId } from '@freehold/kit'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { ChecksumMismatch, ObjectMissing, ObjectTooLarge, RangeNotSatisfiable } from '../object-errors.ts'
import type { ListedObject, ObjectStore } from '../object-store.ts'
import { bodyOf, cutAfter, mib, newKey, randomBytes, sha256, silentAfter } from './bodies.ts'

export const never = new AbortController().signal
const maxBytes = 100 * mib

export async function readAll(store: ObjectStore, key: string, range: { start: number; end: number } | null = null): Promise<Buffer> {
  return buffer(await store.get(key, range, never))
}

/** What every store promises of single objects. */
export function objectCases(getStore: () => ObjectStore): void {
  const keysBelow = async (prefix: string) => (await Array.fromAsync(getStore().list(prefix), ({ key }) => key)).toSorted()

  test.each([0, 1, 64 * 1024, mib, mib + 1, 8 * mib, 8 * mib + 1, 20 * mib])('%i bytes come back as they were stored', async (size) => {
    const [key, bytes] = [newKey(), randomBytes(size)]
    expect(await getStore().put(key, bodyOf(bytes), { maxBytes: size, contentType: 'text/plain' })).toEqual({ size, sha256: sha256(bytes) })
    expect(await getStore().head(key)).toEqual({ size })
    expect((await readAll(getStore(), key)).equals(bytes)).toBe(true)
  })

  test.each(['one', 'MiB'])('a body in pieces of one %s is the same object', async (unit) => {
    const [key, bytes] = [newKey(), randomBytes(unit === 'one' ? 3000 : 9 * mib)]
    const stored = await getStore().put(key, bodyOf(bytes, unit === 'one' ? 1 : 3 * mib), { maxBytes })
    expect(stored.sha256).toBe(sha256(bytes))
    expect((await readAll(getStore(), key)).equals(bytes)).toBe(true)
  })

  test('an object takes the place of the one before, for those who ask anew', async () => {
    const [key, first] = [newKey(), randomBytes(3 * mib)]
    await getStore().put(key, bodyOf(first), { maxBytes })
    await getStore().put(key, bodyOf('second'), { maxBytes })
    expect((await readAll(getStore(), key)).toString()).toBe('second')
  })

  test('what is missing has no head, is an error to read and none to delete', async () => {
    const key = newKey()
    expect(await getStore().head(key)).toBeNull()
    await expect(getStore().get(key, null, never)).rejects.toBeInstanceOf(ObjectMissing)
    await expect(getStore().get(key, { start: 0, end: 1 }, never)).rejects.toBeInstanceOf(ObjectMissing)
    await getStore().delete([key, newKey()])
    await getStore().delete([])
  })

  describe('nothing is visible', () => {
    test.each([2 * mib, 20 * mib])('when the body breaks off after %i bytes', async (size) => {
      const [key, fault] = [newKey(), new Error('cut')]
      await expect(getStore().put(key, cutAfter(randomBytes(size), fault), { maxBytes })).rejects.toBe(fault)
      expect(await getStore().head(key)).toBeNull()
      expect(await keysBelow(key)).toEqual([])
    })

    test.each([0, 10, 8 * mib, 9 * mib])('when there is one byte more than %i that may be', async (limit) => {
      const key = newKey()
      const put = getStore().put(key, bodyOf(randomBytes(limit + 1)), { maxBytes: limit })
      await expect(put).rejects.toSatisfy((error) => error instanceof ObjectTooLarge && error.maxBytes === limit)
      expect(await getStore().head(key)).toBeNull()
    })

    test.each([10, 9 * mib])('when %i bytes have another checksum', async (size) => {
      const [key, bytes] = [newKey(), randomBytes(size)]
      const wrong = getStore().put(key, bodyOf(bytes), { maxBytes, sha256: sha256(Buffer.from('other')) })
      await expect(wrong).rejects.toSatisfy((error) => error instanceof ChecksumMismatch && error.sha256 === sha256(bytes))
      expect(await getStore().head(key)).toBeNull()
      await getStore().put(key, bodyOf(bytes), { maxBytes, sha256: sha256(bytes) })
      expect(await getStore().head(key)).toEqual({ size })
    })

    test.each([mib, 9 * mib])('when it is called off while the body is silent after %i bytes', async (size) => {
      const [key, stop, { body, silent }] = [newKey(), new AbortController(), silentAfter(randomBytes(size))]
      const put = getStore().put(key, body, { maxBytes, signal: stop.signal })
      await silent
      stop.abort(new Error('called off'))
      await expect(put).rejects.toThrow('called off')
      expect(await getStore().head(key)).toBeNull()
      await expect(getStore().put(key, bodyOf('x'), { maxBytes, signal: stop.signal })).rejects.toThrow('called off')
    })
  })

  test('of writers of one key at once, one has written all of it', async () => {
    const key = newKey()
    const bodies = [1, 2 * mib, 9 * mib, 17 * mib, 100, mib].map(randomBytes)
    await Promise.all(bodies.map((bytes) => getStore().put(key, bodyOf(bytes), { maxBytes })))
    expect(bodies.map(sha256)).toContain(sha256(await readAll(getStore(), key)))
  })

  test('a range is both ends and all between, and ends with the object', async () => {
    const [key, bytes] = [newKey(), randomBytes(3 * mib)]
    const last = bytes.length - 1
    await getStore().put(key, bodyOf(bytes), { maxBytes })
    const ranges = [
      [0, 0],
      [0, last],
      [5, 5],
      [mib - 1, mib],
      [last, last],
      [last, last + 1000],
      [0, Number.MAX_SAFE_INTEGER],
    ] as const
    for (const [start, end] of ranges) {
      expect((await readAll(getStore(), key, { start, end })).equals(bytes.subarray(start, end + 1)), `${start}-${end}`).toBe(true)
    }
  })

  test('a range beyond the end, and any of an empty object, cannot be had', async () => {
    const [key, empty] = [newKey(), newKey()]
    await getStore().put(key, bodyOf('four'), { maxBytes })
    await getStore().put(empty, bodyOf(''), { maxBytes })
    expect((await readAll(getStore(), empty)).length).toBe(0)
    await expect(getStore().get(key, { start: 4, end: 4 }, never)).rejects.toBeInstanceOf(RangeNotSatisfiable)
    await expect(getStore().get(empty, { start: 0, end: 0 }, never)).rejects.toBeInstanceOf(RangeNotSatisfiable)
    for (const [start, end] of [
      [3, 2],
      [-1, 2],
      [0.5, 2],
      [0, Infinity],
    ] as const)
      await expect(getStore().get(key, { start, end }, never)).rejects.toBeInstanceOf(RangeError)
  })

  test('a download that is called off ends with an error, and one that nobody reads ends nothing else', async () => {
    const [key, stop] = [newKey(), new AbortController()]
    await getStore().put(key, bodyOf(randomBytes(20 * mib)), { maxBytes })
    const [read, unread] = [await getStore().get(key, null, stop.signal), await getStore().get(key, null, stop.signal)]
    const reading = (async () => {
      for await (const _ of read) stop.abort(new Error('called off'))
    })()
    await expect(reading).rejects.toBeInstanceOf(Error)
    await expect.poll(() => unread.destroyed).toBe(true)
    await expect(getStore().get(key, null, stop.signal)).rejects.toThrow('called off')
  })

  test.each([
    '',
    '/',
    '..',
    '../../etc/passwd',
    newId(),
    `${newId()}/`,
    `${newId()}/../${newId()}`,
    `${newId()}/${newId()}/${newId()}`,
    `/${newKey()}`,
    `${newKey()}/`,
    `${newKey()}\n`,
    `${newKey()}\0`,
    `../${newKey()}`,
    newKey().toUpperCase(),
    `${'.'.repeat(36)}/${newId()}`,
    `${newId()}/${'-'.repeat(36)}`,
    `${newId()}\\${newId()}`,
  ])('%j is no key, whatever is asked of it', async (key) => {
    const store = getStore()
    const asked = [
      async () => store.put(key, bodyOf('x'), { maxBytes }),
      async () => store.head(key),
      async () => store.get(key, null, never),
      async () => store.delete([newKey(), key]),
      async () => store.startParts(key),
      async () => store.partsSize(key, newId()),
      async () => store.appendPart(key, newId(), { offset: 0, body: bodyOf('x'), maxBytes }),
      async () => store.finishParts(key, newId()),
      async () => store.abortParts(key, newId()),
    ]
    for (const ask of asked) await expect(ask()).rejects.toBeInstanceOf(RangeError)
  })

  test.each(['..', '../', 'a/b/c', '/..', `${newId()}/..`, 'A', '*'])('no list begins with %j', async (prefix) => {
    await expect(Array.fromAsync(getStore().list(prefix))).rejects.toBeInstanceOf(RangeError)
  })

  test('a list is all of a prefix and nothing else, however many there are', async () => {
    const [workspaceId, otherId] = [newId(), newId()]
    const keys = Array.from({ length: 1005 }, () => newKey(workspaceId)).toSorted()
    const other = newKey(otherId)
    await getStore().put(other, bodyOf('other'), { maxBytes })
    for (let at = 0; at < keys.length; at += 15)
      await Promise.all(keys.slice(at, at + 15).map((key) => getStore().put(key, bodyOf('one'), { maxBytes })))
    expect(await keysBelow(`${workspaceId}/`)).toEqual(keys)
    expect(await keysBelow(workspaceId)).toEqual(keys)
    expect(await keysBelow(keys[7]!)).toEqual([keys[7]])
    expect(await keysBelow(`${newId()}/`)).toEqual([])
    expect(await keysBelow('')).toEqual(expect.arrayContaining([...keys, other]))
    await getStore().delete(keys.slice(1))
    expect(await keysBelow(`${workspaceId}/`)).toEqual([keys[0]])
    await getStore().delete(keys)
    expect(await keysBelow(`${workspaceId}/`)).toEqual([])
    expect(await keysBelow(`${otherId}/`)).toEqual([other])
  })

  test('a list tells size and time', async () => {
    const key = newKey()
    await getStore().put(key, bodyOf('four'), { maxBytes })
    const [listed] = (await Array.fromAsync(getStore().list(key))) as [ListedObject]
    expect(listed).toEqual({ key, size: 4, modifiedAt: expect.any(Date) as Date })
    expect(Math.abs(listed.modifiedAt.getTime() - Date.now())).toBeLessThan(60_000)
  })

  test('it is ready', async () => {
    expect(await getStore().ready()).toBe(true)
  })
}
