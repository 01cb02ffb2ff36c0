import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Written beside and renamed, so that a part of an export never looks like the whole. */
export async function writeWhole(path: string, source: Readable, signal: AbortSignal): Promise<void> {
  const aside = `${path}.${process.pid}.part`
  try {
    await pipeline(source, createWriteStream(aside, { mode: 0o600, flags: 'wx' }), { signal })
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}
