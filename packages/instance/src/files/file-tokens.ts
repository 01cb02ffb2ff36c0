import { AppError } from '@freehold/contract'
import { isUuid } from '@freehold/kit'
import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a signed URL names. Times are in seconds since 1970. */
export type UploadClaim = { workspaceId: string; uploadId: string; endsAt: number; sizeBytes: number | null; sha256: string | null }
export type DownloadClaim = { workspaceId: string; fileId: string; version: number; endsAt: number }

export type FileTokens = {
  signUpload(claim: UploadClaim): string
  signDownload(claim: DownloadClaim): string
  /** Throws `not_found` for a token that is not ours, is for something else or has ended. */
  readUpload(token: string, now: Date): UploadClaim
  readDownload(token: string, now: Date): DownloadClaim
}

/** Tokens that prove themselves: the claim in JSON and its HMAC-SHA-256. `key` is asked for each time. */
export function createFileTokens(key: () => Buffer): FileTokens {
  const macOf = (text: string) => createHmac('sha256', key()).update(text).digest()
  const sign = (claim: unknown[]) => {
    const text = Buffer.from(JSON.stringify(claim)).toString('base64url')
    return `${text}.${macOf(text).toString('base64url')}`
  }

  function read(token: string, kind: 'up' | 'down', now: Date): unknown[] {
    const [text = '', mac = '', ...rest] = token.split('.')
    const [given, expected] = [Buffer.from(mac, 'base64url'), macOf(text)]
    if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) throw unknownUrl()
    const claim = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    const [claimed, workspaceId, id, endsAt] = claim
    if (claimed !== kind || !isUuid(String(workspaceId)) || !isUuid(String(id))) throw unknownUrl()
    if (Number(endsAt) * 1000 <= now.getTime()) throw unknownUrl()
    return claim
  }

  return {
    signUpload: (claim) => sign(['up', claim.workspaceId, claim.uploadId, claim.endsAt, claim.sizeBytes, claim.sha256]),
    signDownload: (claim) => sign(['down', claim.workspaceId, claim.fileId, claim.endsAt, claim.version]),
    readUpload(token, now) {
      const [, workspaceId, uploadId, endsAt, sizeBytes, sha256] = read(token, 'up', now)
      return { workspaceId, uploadId, endsAt, sizeBytes, sha256 } as UploadClaim
    },
    readDownload(token, now) {
      const [, workspaceId, fileId, endsAt, version] = read(token, 'down', now)
      return { workspaceId, fileId, endsAt, version } as DownloadClaim
    },
  }
}

/** One answer for every URL that leads nowhere. */
export function unknownUrl(): AppError {
  return new AppError('not_found', 'This URL has ended, or is not one of ours. Ask the API for a new one.')
}
