import type { File, FileVersion } from '@freehold/contract'
import type { FileRow } from './queries.ts'
import type { UploadRow } from './upload-queries.ts'
import type { VersionRow } from './version-queries.ts'

export function toFile(row: FileRow): File {
  return {
    id: row.id,
    name: row.name,
    status: 'ready',
    version: row.version,
    size_bytes: Number(row.size_bytes),
    content_type: row.content_type,
    checksum_sha256: row.checksum_sha256,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    updated_at: row.updated_at.toISOString(),
    updated_by: row.updated_by,
  }
}

/** A file whose bytes have still to be finalized. */
export function toPendingFile(row: UploadRow): File {
  return {
    id: row.id,
    name: row.name,
    status: 'pending',
    version: 0,
    size_bytes: row.size_bytes === null ? null : Number(row.size_bytes),
    content_type: row.content_type,
    checksum_sha256: row.checksum_sha256,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    updated_at: row.created_at.toISOString(),
    updated_by: row.created_by,
  }
}

export function toVersion(row: VersionRow): FileVersion {
  return { ...versionOf(row), is_current: false, expires_at: row.expires_at.toISOString() }
}

export function toCurrentVersion(row: FileRow): FileVersion {
  return { ...versionOf(row), is_current: true, expires_at: null }
}

function versionOf(row: FileRow | VersionRow) {
  return {
    version: row.version,
    size_bytes: Number(row.size_bytes),
    content_type: row.content_type,
    checksum_sha256: row.checksum_sha256,
    created_at: row.stored_at.toISOString(),
    created_by: row.stored_by,
  }
}

export function fileReference({ id, name }: { id: string; name: string }) {
  return { kind: 'file', id, label: name }
}

/** A file as audit events show it. */
export function snapshotOf(row: FileRow): Record<string, unknown> {
  const { name, version, size_bytes, content_type, checksum_sha256 } = toFile(row)
  return { name, version, size_bytes, content_type, checksum_sha256 }
}
