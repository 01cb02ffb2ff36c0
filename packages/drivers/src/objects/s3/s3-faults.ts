import { ObjectMissing, ObjectsUnavailable, RangeNotSatisfiable, UploadMissing } from '../object-errors.ts'

type Fault = { name?: string; $metadata?: { httpStatusCode?: number } }

/** Runs requests; what S3 says to them becomes the errors of a store. A request that was aborted throws the signal's reason. */
export async function onS3<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw toStoreError(error)
  }
}

/** As `onS3`, with null for what is not there. */
export async function orNull<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await onS3(work)
  } catch (error) {
    if (error instanceof ObjectMissing || error instanceof UploadMissing) return null
    throw error
  }
}

function toStoreError(error: unknown): unknown {
  const { name = '', $metadata } = error as Fault
  const status = $metadata?.httpStatusCode
  if (name === 'NoSuchUpload') return new UploadMissing({ cause: error })
  if (name === 'NoSuchKey' || name === 'NotFound') return new ObjectMissing({ cause: error })
  if (status === 416) return new RangeNotSatisfiable({ cause: error })
  return new ObjectsUnavailable(`the object store does not work (${status ?? 'no answer'}, ${name || 'unknown'})`, { cause: error })
}
