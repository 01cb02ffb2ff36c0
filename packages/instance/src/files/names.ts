import { AppError } from '@freehold/contract'

const longestBytes = 1024
const longestSegmentBytes = 255

// Marks that show `gpj.exe` where `exe.jpg` stands, breaks of lines and paragraphs, and the byte order mark.
const deceptive = /[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u

/**
 * A file's name as it is kept: in NFC, a path of segments with `/` between them. It never reaches a file system, so what an
 * operating system reserves is allowed; what could lead elsewhere or deceive once it is downloaded is not.
 */
export function fileName(text: string, pointer: string): string {
  const name = text.isWellFormed() ? text.normalize('NFC') : text
  const fault = faultOf(name)
  if (fault === null) return name
  throw new AppError('invalid_request', `Choose another name: this one ${fault}.`, { errors: [{ pointer, message: fault }] })
}

function faultOf(name: string): string | null {
  if (!name.isWellFormed()) return 'is not well-formed text'
  if (Buffer.byteLength(name) > longestBytes) return `is longer than ${longestBytes} bytes`
  if (name.includes('\\')) return 'has a `\\`; use `/` between folders'
  if (/\p{Cc}/u.test(name)) return 'has a control character'
  if (deceptive.test(name)) return 'has an invisible character that changes how it reads'
  for (const segment of name.split('/')) {
    if (segment.trim() === '') return 'has an empty segment'
    if (segment === '.' || segment === '..') return 'has a segment `.` or `..`'
    if (Buffer.byteLength(segment) > longestSegmentBytes) return `has a segment of more than ${longestSegmentBytes} bytes`
  }
  return null
}

/** All before the last segment, with its `/`; empty at the top. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1)
}

/** The last segment of a file's name, or of a folder's path. */
export function labelOf(path: string): string {
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path
  return trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

/** A folder as it is asked for: `a/b` and `a/b/` are one. */
export function folderPath(text: string): string {
  const path = text.normalize('NFC')
  return path === '' || path.endsWith('/') ? path : `${path}/`
}
