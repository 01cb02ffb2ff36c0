import type { File, FolderEntry } from '@freehold/contract'
import { FreeholdError } from '@freehold/sdk/core'
import { queryOptions } from '@tanstack/react-query'
import { client, installationUrl } from './client.ts'
import { queryClient } from './query-client.ts'

/** Everything below stands under this key. Bytes of files are not among it. */
const filesKey = (workspaceId: string) => ['workspace', workspaceId, 'files'] as const

export const refreshFiles = (workspaceId: string) => queryClient.invalidateQueries({ queryKey: filesKey(workspaceId) })

type Place = { path?: string | undefined; q?: string | undefined; cursor?: string | undefined }

/** What is directly in a folder; with `q` all below it whose path goes on like that. */
export const folderQuery = (workspaceId: string, { path = '', q, cursor }: Place) =>
  queryOptions({
    queryKey: [...filesKey(workspaceId), 'folder', { path, q, cursor }],
    queryFn: async ({ signal }): Promise<{ items: FolderEntry[]; next: string | null | undefined }> => {
      const place = { workspace_id: workspaceId, limit: 25, cursor }
      if (!q) {
        const { items, next } = await client.listFolder({ ...place, path: path || undefined }, { signal })
        return { items: [...items], next }
      }
      const { items, next } = await client.listFiles({ ...place, prefix: path + q }, { signal })
      return { items: items.map((file) => toEntry(file, path)), next }
    },
  })

const toEntry = (file: File, path: string): FolderEntry => ({
  kind: 'file',
  id: file.id,
  name: file.name,
  label: file.name.slice(path.length),
  file,
})

export const fileQuery = (workspaceId: string, fileId: string) =>
  queryOptions({
    queryKey: [...filesKey(workspaceId), 'file', fileId],
    queryFn: async ({ signal }) => {
      const { data, etag } = await client.raw.getFile({ workspace_id: workspaceId, file_id: fileId }, { signal })
      return { ...data, etag }
    },
  })
export type LoadedFile = File & { etag: string | null }

export const fileVersionsQuery = (workspaceId: string, fileId: string) =>
  queryOptions({
    queryKey: [...filesKey(workspaceId), 'versions', fileId],
    queryFn: async ({ signal }) =>
      (await client.listFileVersions({ workspace_id: workspaceId, file_id: fileId, limit: 100 }, { signal })).items,
  })

/** The file of exactly this name. */
export async function findFile(workspaceId: string, name: string): Promise<File | undefined> {
  // A name comes before all that begin with it.
  const { items } = await client.listFiles({ workspace_id: workspaceId, prefix: name, limit: 1 })
  return items.find((file) => file.name === name.normalize('NFC'))
}

const nearBytes = 5 * 1024 ** 3
export type Room = { used: number; allowed: number }

/**
 * How much of its bytes a workspace uses, where less than 5 GiB is left. No route tells the usage; the refusal of an upload does, and
 * trying one (a dry run) stores nothing.
 */
export const roomQuery = (workspaceId: string) =>
  queryOptions({
    queryKey: [...filesKey(workspaceId), 'room'],
    queryFn: async ({ signal }): Promise<Room | null> => {
      const headers = { 'tus-resumable': '1.0.0', 'upload-length': String(nearBytes), 'upload-metadata': `filename ${btoa('room')}` }
      try {
        await client.createFileUpload({ workspace_id: workspaceId, content: '' }, { dryRun: true, headers, signal })
        return null
      } catch (error) {
        return roomOf(error) ?? null
      }
    },
    staleTime: 60_000,
  })

/** What the refusal of an upload tells of the bytes that are used. */
export function roomOf(error: unknown): Room | undefined {
  if (!(error instanceof FreeholdError) || error.code !== 'limit_reached' || error.members['limit'] !== 'file_bytes') return undefined
  const { used, allowed } = error.members
  return typeof used === 'number' && typeof allowed === 'number' ? { used, allowed } : undefined
}

/** Where the bytes of a version are, for this session of the browser. */
export const versionUrl = (workspaceId: string, fileId: string, version: number) =>
  `${installationUrl}/v1/workspaces/${workspaceId}/files/${fileId}/versions/${version}/content`

const authorization = `-H "Authorization: Bearer $FREEHOLD_TOKEN"`

/** Runs as it stands in a POSIX shell, whatever the name has in it. */
export const downloadCommand = (workspaceId: string, { id, name }: Pick<File, 'id' | 'name'>) =>
  [
    `curl -f ${authorization} \\`,
    `  -o ${quoteForShell(labelOf(name))} \\`,
    `  "${installationUrl}/v1/workspaces/${workspaceId}/files/${id}/content"`,
  ].join('\n')

export const uploadCommand = (workspaceId: string, path: string) =>
  [
    `curl -f -T report.pdf ${authorization} \\`,
    `  -H "Content-Type: application/pdf" \\`,
    `  "${installationUrl}/v1/workspaces/${workspaceId}/files/content?name=${encodeURIComponent(`${path}report.pdf`)}"`,
  ].join('\n')

/** A name that begins with a dash would be an option. */
const quoteForShell = (label: string) => `'${(label.startsWith('-') ? `./${label}` : label).replaceAll("'", `'\\''`)}'`

/** All before the last segment, with its `/`; empty at the top. */
export const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1)

/** The last segment of a file's name. */
export const labelOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
