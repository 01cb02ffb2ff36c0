import { closeSync, constants, fstatSync, ftruncateSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { openPrivateFile } from '../private-file.ts'

export type LogFile = {
  path: string
  descriptor: number
  trim(): void
  sizeBytes(): number
  readFrom(offset: number): string
  close(): void
}

const maxSizeBytes = 16 * 1024 * 1024

/**
 * The server's log, appended to by PostgreSQL itself so that it outlives us. Over 16 MiB `trim` moves the
 * last 16 MiB to `<path>.1` and empties the file in place: the server keeps its descriptor.
 */
export function openLogFile(path: string): LogFile {
  const descriptor = openPrivateFile(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND)
  const sizeBytes = () => fstatSync(descriptor).size
  const readFrom = (offset: number) => {
    const bytes = Buffer.alloc(Math.max(0, sizeBytes() - offset))
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, offset)).toString('utf8')
  }
  const trim = () => {
    if (sizeBytes() <= maxSizeBytes) return
    rmSync(`${path}.1`, { force: true })
    writeFileSync(`${path}.1`, readFrom(sizeBytes() - maxSizeBytes), { mode: 0o600, flag: 'wx' })
    ftruncateSync(descriptor)
  }
  return { path, descriptor, trim, sizeBytes, readFrom, close: () => closeSync(descriptor) }
}
