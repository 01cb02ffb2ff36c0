import type { File as StoredFile, FileUpload } from '@freehold/contract'
import { FreeholdError, readFailure } from '@freehold/sdk/core'
import { client } from '../api/client.ts'
import { markExpired } from '../api/session.ts'

type Outgoing = { method: string; url: string; headers: Record<string, string>; body: Blob }
type SendOptions = { signal: AbortSignal; onSent: (bytes: number) => void }

/** Bytes by XMLHttpRequest, because `fetch` does not tell how many have been sent. Rejects as the SDK does. */
function sendBytes({ method, url, headers, body }: Outgoing, { signal, onSent }: SendOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded))
    request.addEventListener('load', () => {
      if (request.status < 300) return resolve(request.responseText)
      if (request.status === 401) markExpired()
      readFailure(toResponse(request)).then(reject, reject)
    })
    request.addEventListener('error', () =>
      reject(new FreeholdError({ status: 0, code: 'network_failure', title: 'The connection was lost', detail: 'Try again.' })),
    )
    request.addEventListener('abort', () => reject(signal.reason))
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort))
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', abort)
    request.send(body)
  })
}

function toResponse(request: XMLHttpRequest): Response {
  const headers = new Headers()
  for (const name of ['x-request-id', 'retry-after']) {
    const value = request.getResponseHeader(name)
    if (value) headers.set(name, value)
  }
  return new Response(request.responseText, { status: request.status, headers })
}

type Upload = { workspaceId: string; name: string; type: string; content: Blob }

/** All in one request. Answers what the file is now. */
export async function sendWhole({ workspaceId, name, type, content }: Upload, options: SendOptions): Promise<StoredFile> {
  const url = `/v1/workspaces/${workspaceId}/files/content?name=${encodeURIComponent(name)}`
  return JSON.parse(await sendBytes({ method: 'PUT', url, headers: { 'content-type': type }, body: content }, options)) as StoredFile
}

// A proxy in between may not let longer requests through; what one of them has brought is kept.
const partBytes = 64 * 1024 ** 2
const tus = { 'tus-resumable': '1.0.0' }

/** Begins an upload in parts (tus), of which nothing is sent yet. Answers its id. */
export async function beginParts({ workspaceId, name, type, content }: Upload, signal: AbortSignal): Promise<string> {
  const metadata = `filename ${toBase64(name)},filetype ${toBase64(type)}`
  const headers = { ...tus, 'upload-length': String(content.size), 'upload-metadata': metadata }
  const { id } = await client.createFileUpload({ workspace_id: workspaceId, content: '' }, { headers, signal })
  return id
}

type Parts = { workspaceId: string; uploadId: string; content: Blob }

/** Sends what the server does not have yet, from where it says it is. Answers the id of the file. */
export async function sendParts({ workspaceId, uploadId, content }: Parts, { signal, onSent }: SendOptions): Promise<string> {
  const url = `/v1/workspaces/${workspaceId}/files/tus/${uploadId}`
  for (;;) {
    const { status, offset_bytes: offset, file_id: fileId } = await readUpload(workspaceId, uploadId, signal)
    if (status === 'done' && fileId) return fileId
    onSent(offset)
    const headers = { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
    const body = content.slice(offset, offset + partBytes)
    await sendBytes({ method: 'PATCH', url, headers, body }, { signal, onSent: (bytes) => onSent(offset + bytes) })
  }
}

const readUpload = (workspaceId: string, uploadId: string, signal: AbortSignal): Promise<FileUpload> =>
  client.getFileUpload({ workspace_id: workspaceId, upload_id: uploadId }, { signal })

/** Gives up an upload in parts and the bytes that have come. What nobody ends is removed by the server after a week. */
export async function endParts(workspaceId: string, uploadId: string): Promise<void> {
  await client.deleteFileUpload({ workspace_id: workspaceId, upload_id: uploadId }, { headers: tus })
}

/** Base64 of the UTF-8 of a text. */
const toBase64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
