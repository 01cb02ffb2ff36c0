import { FreeholdError } from '@freehold/sdk/core'
import { useSyncExternalStore } from 'react'
import { findFile, refreshFiles } from '../api/files.ts'
import { describeProblem } from '../api/problem.ts'
import { client } from '../api/client.ts'
import { typeOf } from './media.ts'
import { beginParts, endParts, sendParts, sendWhole } from './send.ts'

/** `waiting`: the connection broke, and it goes on by itself. */
export type UploadState = 'queued' | 'sending' | 'waiting' | 'done' | 'failed'

export type Upload = {
  id: number
  workspaceId: string
  /** The whole path that the file will have. */
  name: string
  sizeBytes: number
  sentBytes: number
  state: UploadState
  /** The version that it becomes or has become; 1 unless there was a file of that name. */
  version?: number
  fileId?: string
  fault?: string
  /** What has come is kept: a retry goes on from there. */
  resumable: boolean
}

type Work = { content: File; uploadId?: string; stop?: AbortController }

/** What is bigger goes in parts that resume. */
const wholeBytes = 16 * 1024 ** 2
/** HTTP/1.1 gives six connections to all tabs together, and one is the live stream's. */
const atOnce = 2
const waitsMs = [1000, 2000, 4000, 8000, 15_000, 30_000]

// Outside of the pages: an upload goes on while one looks at something else.
let uploads: readonly Upload[] = []
const works = new Map<number, Work>()
const listeners = new Set<() => void>()
let lastId = 0

function publish(next: readonly Upload[]) {
  const wasBusy = isBusy()
  uploads = next
  if (isBusy() !== wasBusy) (wasBusy ? removeEventListener : addEventListener)('beforeunload', warn)
  for (const notify of listeners) notify()
}

const isOpen = ({ state }: Upload) => state === 'queued' || state === 'sending' || state === 'waiting'
const isBusy = () => uploads.some(isOpen)
const warn = (event: BeforeUnloadEvent) => event.preventDefault()

function subscribe(notify: () => void) {
  listeners.add(notify)
  return () => listeners.delete(notify)
}

export const useUploads = (): readonly Upload[] => useSyncExternalStore(subscribe, () => uploads)

const change = (id: number, changes: Partial<Upload>) =>
  publish(uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)))

/** Something to upload, by the path that it has below the folder it goes to. */
export type Chosen = { path: string; content: File }

export function addUploads(workspaceId: string, folder: string, chosen: readonly Chosen[]): void {
  const added = chosen.map(({ path, content }): Upload => {
    lastId += 1
    works.set(lastId, { content })
    const name = `${folder}${path}`.normalize('NFC')
    return { id: lastId, workspaceId, name, sizeBytes: content.size, sentBytes: 0, state: 'queued', resumable: false }
  })
  publish([...uploads, ...added])
  startNext()
}

function startNext() {
  // Two of one name at once would race for which is the newer version.
  const running = uploads.filter(({ state }) => state === 'sending' || state === 'waiting')
  if (running.length >= atOnce) return
  const next = uploads.find(({ state, name }) => state === 'queued' && !running.some((other) => other.name === name))
  if (!next) return
  void run(next)
  startNext()
}

async function run(upload: Upload) {
  const { id, workspaceId, name } = upload
  const work = works.get(id)!
  const stop = new AbortController()
  work.stop = stop
  change(id, { state: 'sending' })
  try {
    const present = await findFile(workspaceId, name)
    if (present) change(id, { version: present.version + 1 })
    const { fileId, version } =
      work.content.size > wholeBytes ? await runParts(upload, work, stop.signal) : await runWhole(upload, work, stop.signal)
    change(id, { state: 'done', sentBytes: work.content.size, fileId, version })
    works.delete(id)
    void refreshFiles(workspaceId)
  } catch (error) {
    if (!stop.signal.aborted) change(id, { state: 'failed', fault: tell(error) })
  }
  startNext()
}

async function runWhole({ id, workspaceId, name }: Upload, { content }: Work, signal: AbortSignal) {
  const onSent = (sentBytes: number) => change(id, { sentBytes: Math.min(sentBytes, content.size) })
  const file = await sendWhole({ workspaceId, name, type: typeOf(content), content }, { signal, onSent })
  return { fileId: file.id, version: file.version }
}

/** Goes on after each break of the connection, as long as something comes through between them. */
async function runParts({ id, workspaceId, name }: Upload, work: Work, signal: AbortSignal) {
  const { content } = work
  let failures = 0
  let furthest = -1
  for (;;) {
    try {
      work.uploadId ??= await beginParts({ workspaceId, name, type: typeOf(content), content }, signal)
      change(id, { state: 'sending', resumable: true })
      const onSent = (sentBytes: number) => {
        if (sentBytes > furthest) [furthest, failures] = [sentBytes, 0]
        change(id, { sentBytes })
      }
      const fileId = await sendParts({ workspaceId, uploadId: work.uploadId, content }, { signal, onSent })
      const { version } = await client.getFile({ workspace_id: workspaceId, file_id: fileId }, { signal })
      return { fileId, version }
    } catch (error) {
      if (isGone(error)) {
        delete work.uploadId
        change(id, { resumable: false })
      }
      const waitMs = waitsMs[failures]
      if (signal.aborted || !isPassing(error) || waitMs === undefined) throw error
      failures += 1
      change(id, { state: 'waiting' })
      await pause(waitMs, signal)
    }
  }
}

/** 409: the request that broke still holds the upload, or has brought more than was known. */
const isPassing = (error: unknown) => error instanceof FreeholdError && [0, 409, 429, 502, 503, 504].includes(error.status)
const isGone = (error: unknown) => error instanceof FreeholdError && error.status === 404

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      if (signal.aborted) reject(signal.reason)
      else resolve()
    }
    const timer = setTimeout(done, ms)
    addEventListener('online', done)
    signal.addEventListener('abort', done)
  })
}

function tell(error: unknown): string {
  // What is a file no more, or a folder, fails when it is read.
  if (error instanceof DOMException) return 'The browser could not read the file. It may have been moved or changed; choose it again.'
  return describeProblem(error)
}

/** Ends it and forgets it; what the server has of it is removed. */
export function cancelUpload(id: number): void {
  const upload = uploads.find((other) => other.id === id)
  const work = works.get(id)
  work?.stop?.abort(new DOMException('Cancelled', 'AbortError'))
  if (upload && work?.uploadId) void endParts(upload.workspaceId, work.uploadId).catch(() => undefined)
  works.delete(id)
  publish(uploads.filter((other) => other.id !== id))
  startNext()
}

export function retryUpload(id: number): void {
  const upload = uploads.find((other) => other.id === id)
  if (!upload || upload.state !== 'failed') return
  const { fault: _, ...rest } = upload
  const sentBytes = upload.resumable ? upload.sentBytes : 0
  publish(uploads.map((other) => (other.id === id ? { ...rest, sentBytes, state: 'queued' } : other)))
  startNext()
}

/** Takes the finished ones off the list. */
export function clearDone(workspaceId: string): void {
  publish(uploads.filter((upload) => upload.workspaceId !== workspaceId || upload.state !== 'done'))
}
