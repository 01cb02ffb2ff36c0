import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ChecksumMismatch, ObjectMissing, RangeNotSatisfiable } from '../object-errors.ts'
import { checkRange } from '../object-key.ts'
import type { ByteRange, ObjectStore, PutOptions, Stored } from '../object-store.ts'
import { dropFile, makeDirectory, onDisk, publish, removeFile, removeIfEmpty, syncDirectory } from './disk.ts'
import { listObjects, namesIn } from './list-objects.ts'
import { createParts } from './parts.ts'
import { type Places, placesIn } from './places.ts'
import { chunkBytes, writeHashed } from './write-body.ts'

/** Keeps objects in a directory of this machine, which is made when it is first written to. Only this user can read it. */
export function createLocalObjects({ directory }: { directory: string }): ObjectStore {
  const places = placesIn(directory)
  return {
    put: (key, body, options) => put(places, key, { body, ...options }),
    async head(key) {
      const file = places.ofObject(key)
      return onDisk(
        async () => ({ size: (await stat(file)).size }),
        () => null,
      )
    },
    get: async (key, range, signal) => get(places.ofObject(key), range, signal),
    delete: (keys) => remove(places, keys),
    list: (prefix) => listObjects(places, prefix),
    ...createParts(places),
    uploadUrl: async () => null,
    downloadUrl: async () => null,
    sweep: (before) => sweep(places, before),
    ready: () => isUsable(directory),
    close: () => undefined,
  }
}

type Put = PutOptions & { body: AsyncIterable<Uint8Array> }

/** Written beside its place and moved there once it is whole and on the disk. */
async function put(places: Places, key: string, { body, maxBytes, sha256, signal }: Put): Promise<Stored> {
  const object = places.ofObject(key)
  const written = join(places.tmp, randomUUID())
  const handle = await onDisk(async () => {
    await makeDirectory(places.tmp)
    return open(written, 'wx', 0o600)
  })
  try {
    let stored: Stored
    try {
      stored = await writeHashed(handle, { body, maxBytes, signal })
      if (sha256 !== undefined && stored.sha256 !== sha256) throw new ChecksumMismatch(stored.sha256)
      await onDisk(() => handle.sync())
    } finally {
      await handle.close()
    }
    await onDisk(() => publish(written, object))
    return stored
  } catch (error) {
    await dropFile(written)
    throw error
  }
}

async function get(file: string, range: ByteRange | null, signal: AbortSignal) {
  if (range) checkRange(range)
  signal.throwIfAborted()
  const handle = await onDisk(
    () => open(file, 'r'),
    () => {
      throw new ObjectMissing()
    },
  )
  try {
    if (range && range.start >= (await onDisk(() => handle.stat())).size) throw new RangeNotSatisfiable()
    signal.throwIfAborted()
  } catch (error) {
    await handle.close()
    throw error
  }
  const stream = handle.createReadStream({ ...range, highWaterMark: chunkBytes, signal })
  // Whoever reads it is told of a fault; while nobody does, one must not end the process.
  stream.on('error', () => undefined)
  return stream
}

async function remove(places: Places, keys: readonly string[]): Promise<void> {
  const files = keys.map((key) => places.ofObject(key))
  await onDisk(async () => {
    const emptied = new Set<string>()
    for (const file of files) if (await removeFile(file)) emptied.add(dirname(file))
    for (const shard of emptied) await settle(shard)
  })
}

/** Makes deletions in a directory last, and takes the directory away where nothing is left in it. */
async function settle(shard: string): Promise<void> {
  const workspace = dirname(shard)
  if (!(await removeIfEmpty(shard))) return onDisk(() => syncDirectory(shard), nothing)
  if (!(await removeIfEmpty(workspace))) return onDisk(() => syncDirectory(workspace), nothing)
  await onDisk(() => syncDirectory(dirname(workspace)), nothing)
}

const nothing = () => undefined

async function sweep(places: Places, before: Date): Promise<number> {
  let removed = 0
  for (const directory of [places.tmp, places.parts]) {
    for (const name of await namesIn(directory)) {
      const file = join(directory, name)
      await onDisk(async () => {
        if ((await stat(file)).mtime < before && (await removeFile(file))) removed++
      }, nothing)
    }
  }
  return removed
}

/** One that is not there yet can be made if the one above it can be written to. */
async function isUsable(directory: string): Promise<boolean> {
  const canWrite = (path: string) => access(path, constants.R_OK | constants.W_OK | constants.X_OK)
  try {
    await onDisk(
      () => canWrite(directory),
      () => canWrite(dirname(directory)),
    )
    return true
  } catch {
    return false
  }
}
