import Type, { type Static } from 'typebox'
import { Nullable, Strict, Timestamp, Uuid } from './fields.ts'

export const fileStatuses = ['pending', 'ready'] as const

// What a path may hold is checked where names are made equal (NFC): a schema counts characters, and the bound is in bytes.
export const FileName = Type.String({
  minLength: 1,
  maxLength: 1024,
  description:
    'Path with `/`: at most 1024 bytes, 255 a segment, without empty segments, `.`, `..`, `\\`, control characters or marks that turn the direction of text. Kept in NFC',
})
export const ContentType = Type.String({
  maxLength: 200,
  pattern: "^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:; ?[A-Za-z0-9!#$&^_.+-]+=[A-Za-z0-9!#$&^_.+'-]+)*$",
  description: 'Media type, such as `text/csv; charset=utf-8`',
})
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the bytes, in lower-case hex' })
const SizeBytes = Type.Integer({ minimum: 0, maximum: 5 * 1024 ** 4 })

export const File = Strict({
  id: Uuid,
  name: Type.String({ description: 'Path with `/`, such as `reports/2026/a.pdf`' }),
  status: Type.Enum(fileStatuses, { description: '`pending` until its bytes have come and been checked' }),
  version: Type.Integer({ description: 'Counts up each time the bytes are replaced; 0 while pending' }),
  size_bytes: Nullable(SizeBytes),
  content_type: Type.String(),
  checksum_sha256: Nullable(Sha256),
  created_at: Timestamp,
  created_by: Nullable(Uuid),
  updated_at: Timestamp,
  updated_by: Nullable(Uuid),
})
export type File = Static<typeof File>

/** A line of a folder: a folder in it, by its path with a `/` at the end, or a file. */
export const FolderEntry = Strict({
  kind: Type.Enum(['folder', 'file']),
  id: Type.String({ description: "The file's id; of a folder its path" }),
  name: Type.String({ description: 'Whole path; of a folder with `/` at the end' }),
  label: Type.String({ description: 'Last segment of the path' }),
  file: Nullable(File),
})
export type FolderEntry = Static<typeof FolderEntry>

export const NewUploadUrl = Strict({
  name: FileName,
  content_type: Type.Optional(ContentType),
  size_bytes: Type.Optional(SizeBytes),
  checksum_sha256: Type.Optional(Sha256),
})

export const UploadUrl = Strict({
  file: File,
  upload_url: Type.String({ description: 'Send the bytes here by `PUT`, without a credential, then finalize the file' }),
  upload_headers: Type.Record(Type.String(), Type.String(), { description: 'Headers to send along, as they are' }),
  expires_in_s: Type.Integer(),
})
export type UploadUrl = Static<typeof UploadUrl>

export const DownloadUrl = Strict({
  url: Type.String({ description: 'Answers the bytes without a credential, as an attachment' }),
  expires_in_s: Type.Integer(),
})
export type DownloadUrl = Static<typeof DownloadUrl>

export const FileChange = Type.Object(
  { name: Type.Optional(FileName), content_type: Type.Optional(ContentType) },
  { additionalProperties: false, minProperties: 1 },
)

export const FileVersion = Strict({
  version: Type.Integer(),
  is_current: Type.Boolean(),
  size_bytes: SizeBytes,
  content_type: Type.String(),
  checksum_sha256: Sha256,
  created_at: Timestamp,
  created_by: Nullable(Uuid),
  expires_at: Nullable(Timestamp),
})
export type FileVersion = Static<typeof FileVersion>

export const FileUpload = Strict({
  id: Uuid,
  name: Type.String(),
  status: Type.Enum(['receiving', 'done']),
  content_type: Type.String(),
  offset_bytes: SizeBytes,
  size_bytes: SizeBytes,
  checksum_sha256: Nullable(Sha256),
  file_id: Nullable(Uuid),
  created_at: Timestamp,
  created_by: Nullable(Uuid),
  expires_at: Timestamp,
})
export type FileUpload = Static<typeof FileUpload>
