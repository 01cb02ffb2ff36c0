import type { File } from '@freehold/contract'
import { type Client, FreeholdError } from '@freehold/sdk'
import { createHash, hash } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createProgress } from './file-progress.ts'
import { CommandFailure } from './framework/failure.ts'
import { forgetUpload, rememberedUpload, rememberUpload } from './uploads-under-way.ts'

const mib = 1024 * 1024
const inOneRequest = 16 * mib
const atATime = 16 * mib
const attempts = 5
const version = { 'tus-resumable': '1.0.0' }

type Means = { sdk: Client; note: (message: string) => void; signal: AbortSignal; dryRun: boolean }
type Wanted = { workspaceId: string; path: string; name: string; type: string | undefined }
type Local = { bytes: Blob; size: number; sha256: string }

/** Uploads, and has the server check the whole by its SHA-256. What is big goes in parts, and goes on where it was interrupted. */
export async function uploadFile(means: Means, wanted: Wanted): Promise<File> {
  const local = await readLocal(wanted.path)
  if (local.size > inOneRequest && !means.dryRun) return uploadInParts(means, wanted, local)
  return means.sdk.putFileContent(
    { workspace_id: wanted.workspaceId, name: wanted.name, content: local.bytes },
    { headers: { 'content-type': wanted.type ?? 'application/octet-stream', 'x-checksum-sha256': local.sha256 } },
  )
}

async function readLocal(path: string): Promise<Local> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) throw new CommandFailure('usage', `${path} is no file that can be read.`)
  const whole = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: mib })) whole.update(chunk as Buffer)
  return { bytes: await openAsBlob(path), size: found.size, sha256: whole.digest('hex') }
}

async function uploadInParts(means: Means, wanted: Wanted, local: Local): Promise<File> {
  const { sdk, signal } = means
  // The same bytes to the same place are the same upload, whenever they are sent.
  const key = hash('sha256', JSON.stringify([wanted.workspaceId, resolve(wanted.path), wanted.name, local.sha256]))
  const upload = { workspace_id: wanted.workspaceId, upload_id: await findOrBegin(means, wanted, local, key) }
  const progress = createProgress(local.size)
  try {
    for (let failures = 0; ;) {
      try {
        const { offset_bytes: offset, status, file_id: fileId } = await sdk.getFileUpload(upload)
        if (status === 'done') {
          await forgetUpload(key)
          return await sdk.getFile({ workspace_id: wanted.workspaceId, file_id: fileId! })
        }
        progress.at(offset)
        const content = local.bytes.slice(offset, Math.min(local.size, offset + atATime))
        const headers = { ...version, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
        await sdk.appendFileUpload({ ...upload, content }, { headers })
        failures = 0
      } catch (error) {
        if (signal.aborted || !isPassing(error) || ++failures === attempts) throw error
        await new Promise((wake) => setTimeout(wake, 500 * 2 ** failures))
      }
    }
  } finally {
    progress.end()
  }
}

async function findOrBegin({ sdk, note }: Means, wanted: Wanted, local: Local, key: string): Promise<string> {
  const known = await rememberedUpload(key)
  if (known !== undefined) {
    const found = await sdk.getFileUpload({ workspace_id: wanted.workspaceId, upload_id: known }).catch(absent)
    if (found?.status === 'receiving') note(`Going on at ${Math.floor((100 * found.offset_bytes) / found.size_bytes)} %.`)
    if (found?.status === 'receiving') return known
  }
  const metadata = { filename: wanted.name, filetype: wanted.type ?? 'application/octet-stream', checksum_sha256: local.sha256 }
  const pairs = Object.entries(metadata).map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
  const { id } = await sdk.createFileUpload(
    { workspace_id: wanted.workspaceId, content: '' },
    { headers: { ...version, 'upload-length': String(local.size), 'upload-metadata': pairs.join(',') } },
  )
  await rememberUpload(key, id)
  return id
}

function absent(error: unknown): null {
  if (error instanceof FreeholdError && error.status === 404) return null
  throw error
}

/** Another request of ours may still be at it, or the connection is gone: asking for the offset tells where to go on. */
function isPassing(error: unknown): boolean {
  return error instanceof FreeholdError && (error.status === 0 || error.status === 409 || error.status === 429 || error.status >= 500)
}
