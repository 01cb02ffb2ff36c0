import { newId } from '@freehold/kit'
import { expect, onTestFinished, test } from 'vitest'
import type { ObjectStore } from '../object-store.ts'
import { hashKnown, knownBytes, mib, newKey } from './bodies.ts'
import { type Opening, startOther, type Task } from './other-process.ts'

/** What every store promises while processes die, and of the memory that they need. */
export function processCases(getStore: () => ObjectStore, getOpening: () => Opening): void {
  function start(name: 'put' | 'append' | 'measure', task: Omit<Task, 'opening'>) {
    const other = startOther(name, { opening: getOpening(), ...task })
    onTestFinished(() => other.kill())
    return other
  }

  test('a process that is killed while it stores leaves nothing that is visible', async () => {
    const workspaceId = newId()
    for (const size of [mib, 12 * mib, 60 * mib]) {
      const key = newKey(workspaceId)
      const other = start('put', { key, size })
      await other.next()
      await other.kill()
      const stored = await getStore().head(key)
      // A small one may have been whole before the kill.
      if (stored) expect(stored).toEqual({ size })
      else expect(await Array.fromAsync(getStore().list(key))).toEqual([])
    }
    await getStore().sweep(new Date(Date.now() + 2000))
    expect(await getStore().sweep(new Date(Date.now() + 2000))).toBe(0)
  })

  test('an upload whose process is killed goes on where it was', async () => {
    const [key, size] = [newKey(), 60 * mib]
    const uploadId = await getStore().startParts(key)
    const other = start('append', { key, uploadId, size })
    await expect.poll(() => getStore().partsSize(key, uploadId), { timeout: 20_000 }).toBeGreaterThan(0)
    await other.kill()
    const offset = (await getStore().partsSize(key, uploadId))!
    expect(offset).toBeLessThan(size)
    await getStore().appendPart(key, uploadId, { offset, body: knownBytes(offset, size), maxBytes: size })
    expect(await getStore().finishParts(key, uploadId)).toEqual({ size, sha256: await hashKnown(size) })
  })

  test('300 MiB are stored and read in a tenth of that memory and some', async () => {
    const [key, size] = [newKey(), 300 * mib]
    const { grownBytes, stored, read } = await start('measure', { key, size }).next<{ grownBytes: number; stored: unknown; read: number }>()
    expect(stored).toEqual({ size, sha256: await hashKnown(size) })
    expect(read).toBe(size)
    expect(grownBytes).toBeLessThan(120 * mib)
    await getStore().delete([key])
  })
}
