import type { Readable } from 'node:stream'

/** A body of bytes, as it comes in. */
export type Upload = {
  /** As the caller says it, unchecked. */
  contentType: string | null
  /** Bytes to come, where the caller says so. */
  length: number | null
  /**
   * Gives the body to `take`. A request may be decided several times and its body comes once: a later call answers what
   * the first one did, or throws what it threw. What `take` stores must be removed by a sweep if the change never commits.
   */
  once<R>(take: (body: Readable) => Promise<R>): Promise<R>
}

/** An answer of bytes. */
export type BytesAnswer = {
  /** 206 for a part; 304 has no bytes. A part that there is not is the error `range_not_satisfiable`. */
  status: 200 | 206 | 304
  headers: Record<string, string>
  /** Begins to read; not called for HEAD. `signal` aborts when the client is gone, access has ended or the server stops. */
  open(signal: AbortSignal): Promise<Readable>
}
