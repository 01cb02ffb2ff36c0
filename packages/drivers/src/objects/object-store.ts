import type { Readable } from 'node:stream'

/**
 * Where bytes are kept. Keys are ours (`<workspace id>/<object id>`, both UUIDs in lower case), never a caller's name; another
 * one is a RangeError. A checksum is the SHA-256 in lower-case hex, a size is in bytes.
 *
 * Every function throws ObjectsUnavailable where the store does not answer, refuses or is full; nothing half done is visible
 * then. What the caller's own body throws comes back as it is.
 */
export type ObjectStore = {
  /**
   * Stores all of `body` under the key, whole or not at all: a killed process leaves nothing that is visible. What was there
   * is replaced. Throws ObjectTooLarge beyond `maxBytes`, ChecksumMismatch where `sha256` is given and the bytes have another.
   */
  put(key: string, body: AsyncIterable<Uint8Array>, options: PutOptions): Promise<Stored>
  head(key: string): Promise<{ size: number } | null>
  /**
   * Bytes from start to end, both inclusive; all of them for null. An end beyond the last byte is the last byte. Throws
   * ObjectMissing, and RangeNotSatisfiable where the object ends before `start`. The signal ends the stream with an error.
   */
  get(key: string, range: ByteRange | null, signal: AbortSignal): Promise<Readable>
  /** Those that are missing are no error. */
  delete(keys: readonly string[]): Promise<void>
  /** All objects whose key begins with the prefix, in no order. */
  list(prefix: string): AsyncIterable<ListedObject>

  /**
   * Begins a resumable upload: bytes are appended in order, and become the object when it is finished. Answers an opaque id.
   * Whoever forgets an upload leaves it to `sweep`.
   */
  startParts(key: string): Promise<string>
  /** How many bytes the upload has; null where there is no such upload. */
  partsSize(key: string, uploadId: string): Promise<number | null>
  /**
   * Appends, and answers the new size. What came before `body` failed or was cut is kept, so ask partsSize where to go on.
   * Throws UploadMissing, OffsetMismatch, ObjectTooLarge where the upload would have more than `maxBytes` in all (those up to
   * it may be kept), and UploadBusy where this process is appending to it already. Two processes at once are kept apart by the
   * caller, by the lock of a row for example.
   */
  appendPart(key: string, uploadId: string, part: Part): Promise<number>
  /** Makes the object of what was appended. Once more, it answers the same as long as the object is there; else UploadMissing. */
  finishParts(key: string, uploadId: string): Promise<Stored>
  /** Drops the upload. A missing one is no error. */
  abortParts(key: string, uploadId: string): Promise<void>

  /**
   * Where a client may send the bytes itself, by one PUT with exactly these headers: another length, type or checksum than those
   * given here is refused, and so is the PUT while there is an object of the key. Null where only we can store.
   */
  uploadUrl(key: string, options: UploadUrlOptions): Promise<{ url: string; headers: Record<string, string> } | null>
  /** Where a client may fetch the bytes itself, as an attachment of that name and type; null where only we can read. */
  downloadUrl(key: string, options: DownloadUrlOptions): Promise<string | null>

  /**
   * Removes what dead processes left, and uploads begun or last appended to before that moment: nothing that `list` or `head`
   * shows. Answers how many it removed. Choose a moment that is longer ago than any upload may take.
   */
  sweep(before: Date): Promise<number>
  /** Whether it can be used now. Never throws. */
  ready(): Promise<boolean>
  close(): void
}

export type Stored = { size: number; sha256: string }
export type ByteRange = { start: number; end: number }
export type ListedObject = { key: string; size: number; modifiedAt: Date }
export type PutOptions = { maxBytes: number; contentType?: string; sha256?: string; signal?: AbortSignal }
export type Part = { offset: number; body: AsyncIterable<Uint8Array>; maxBytes: number; signal?: AbortSignal }
export type UploadUrlOptions = { contentType?: string; sizeBytes?: number; sha256?: string; expiresInSeconds: number }
export type DownloadUrlOptions = { fileName: string; contentType: string; expiresInSeconds: number }
