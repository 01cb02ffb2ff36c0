import type { File } from '@freehold/contract'
import type { Client } from '@freehold/sdk'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { link, rename, rm, stat } from 'node:fs/promises'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createProgress } from './file-progress.ts'
import { CommandFailure } from './framework/failure.ts'

type Means = { sdk: Client; note: (message: string) => void; signal: AbortSignal }
type Wanted = { workspaceId: string; file: File; path: string; force: boolean }

/** Written beside, checked, and only then given its name. */
export async function downloadFile({ sdk, signal }: Means, { workspaceId, file, path, force }: Wanted): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  )
  if (isThere && !force) throw taken(path)
  const aside = `${path}.${process.pid}.part`
  const response = await sdk.getFileContent({ workspace_id: workspaceId, file_id: file.id })
  const hash = createHash('sha256')
  const progress = createProgress(file.size_bytes ?? 0)
  let size = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      size += chunk.length
      progress.at(size)
      done(null, chunk)
    },
  })
  try {
    await pipeline(Readable.fromWeb(response.body as never), measure, createWriteStream(aside, { flags: 'wx' }), { signal })
    // Of the bytes that came, which may be of a newer version than the one that was looked up.
    if (response.headers.get('etag') !== `"${hash.digest('hex')}"`)
      throw new CommandFailure('failed', 'What came is not what was stored.', 'Download it again.')
    await give(aside, path, force)
  } finally {
    progress.end()
    await rm(aside, { force: true })
  }
}

async function give(aside: string, path: string, force: boolean): Promise<void> {
  if (force) return rename(aside, path)
  await link(aside, path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? taken(path) : error
  })
}

function taken(path: string): CommandFailure {
  return new CommandFailure('conflict', `${path} is there already.`, '--force replaces it; --output writes elsewhere.')
}
