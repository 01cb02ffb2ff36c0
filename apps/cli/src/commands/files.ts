import type { File, FileVersion, FolderEntry } from '@freehold/contract'
import { command, optional, required, text, toggle, wholeNumber } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { type Column, type Field, shownTime } from '../framework/output.ts'
import { downloadFile } from '../file-download.ts'
import { labelOf, requireFile, shownSize } from '../file-names.ts'
import { uploadFile } from '../file-upload.ts'
import { listFlags, pageSize, takeItems } from '../listing.ts'
import { workspaceArgument } from '../resources.ts'

const fileArgument = required("File's name or id")

const entryColumns: Column<FolderEntry>[] = [
  { header: 'NAME', cell: (entry) => (entry.kind === 'folder' ? `${entry.label}/` : entry.label) },
  { header: 'SIZE', cell: ({ file }) => file && shownSize(file.size_bytes) },
  { header: 'TYPE', cell: ({ file }) => file && file.content_type },
  { header: 'CHANGED', cell: ({ file }) => file && shownTime(file.updated_at) },
]
const fileColumns: Column<File>[] = [
  { header: 'NAME', cell: (file) => file.name },
  { header: 'SIZE', cell: (file) => shownSize(file.size_bytes) },
  { header: 'TYPE', cell: (file) => file.content_type },
  { header: 'CHANGED', cell: (file) => shownTime(file.updated_at) },
]
const versionColumns: Column<FileVersion>[] = [
  { header: 'VERSION', cell: (version) => `${version.version}${version.is_current ? ' (current)' : ''}` },
  { header: 'SIZE', cell: (version) => shownSize(version.size_bytes) },
  { header: 'SHA-256', cell: (version) => version.checksum_sha256.slice(0, 12) },
  { header: 'SINCE', cell: (version) => shownTime(version.created_at) },
  { header: 'KEPT UNTIL', cell: (version) => shownTime(version.expires_at) },
]

function fieldsOf(file: File): Field[] {
  return [
    ['Name', file.name],
    ['Id', file.id],
    ['Status', file.status],
    ['Size', shownSize(file.size_bytes)],
    ['Type', file.content_type],
    ['Version', String(file.version)],
    ['SHA-256', file.checksum_sha256],
    ['Created', shownTime(file.created_at)],
    ['Changed', shownTime(file.updated_at)],
  ]
}

export const fileList = command({
  path: ['file', 'list'],
  summary: 'List what is in a folder, or with --recursive all below it.',
  args: { workspace: workspaceArgument, folder: optional('Folder, such as reports/2026; the top unless told') },
  flags: { ...listFlags, recursive: toggle('All files whose names begin so') },
  async run({ args, flags, sdk, out }) {
    const limit = pageSize(flags)
    if (flags.recursive) {
      const list = sdk.listFiles({ workspace_id: args.workspace, limit, prefix: args.folder })
      return out.list(await takeItems(list, flags, out), fileColumns, 'There is no such file.')
    }
    const list = sdk.listFolder({ workspace_id: args.workspace, limit, path: args.folder })
    out.list(await takeItems(list, flags, out), entryColumns, 'The folder is empty.')
  },
})

export const fileUpload = command({
  path: ['file', 'upload'],
  summary: 'Upload a file. A big one is resumed where it was interrupted: run the same command again.',
  examples: ['freehold file upload acme report.pdf', 'freehold file upload acme data.csv --name imports/2026/data.csv --type text/csv'],
  mutates: true,
  args: { workspace: workspaceArgument, path: required('File on this machine') },
  flags: { name: text('NAME', "Name there; this one's last part unless told"), type: text('TYPE', 'Media type, such as text/csv') },
  async run({ args, flags, sdk, out, signal, dryRun }) {
    const file = await uploadFile(
      { sdk, note: out.note, signal, dryRun },
      { workspaceId: args.workspace, path: args.path, name: flags.name ?? labelOf(args.path), type: flags.type },
    )
    out.record(() => fieldsOf(file), file)
  },
})

export const fileDownload = command({
  path: ['file', 'download'],
  summary: 'Download a file, whole or not at all, and check it.',
  args: { workspace: workspaceArgument, file: fileArgument },
  flags: { output: text('FILE', "Write here; the name's last part unless told"), force: toggle('Replace what is there') },
  async run({ args, flags, sdk, out, signal }) {
    const file = await requireFile(sdk, args.workspace, args.file)
    const path = flags.output ?? labelOf(file.name)
    await downloadFile({ sdk, note: out.note, signal }, { workspaceId: args.workspace, file, path, force: flags.force })
    out.result(path, { path, file })
  },
})

export const fileGet = command({
  path: ['file', 'get'],
  summary: 'Show what is known of a file.',
  args: { workspace: workspaceArgument, file: fileArgument },
  async run({ args, sdk, out }) {
    const file = await requireFile(sdk, args.workspace, args.file)
    out.record(() => fieldsOf(file), file)
  },
})

export const fileDelete = command({
  path: ['file', 'delete'],
  summary: 'Delete a file with all its versions.',
  mutates: true,
  args: { workspace: workspaceArgument, file: fileArgument },
  async run({ args, sdk, out, dryRun }) {
    const { id, name } = await requireFile(sdk, args.workspace, args.file)
    const answer: unknown = await sdk.deleteFile({ workspace_id: args.workspace, file_id: id })
    out.result(dryRun ? '' : `Deleted ${name}.`, answer ?? undefined)
  },
})

export const fileRename = command({
  path: ['file', 'rename'],
  summary: 'Rename or move a file.',
  mutates: true,
  args: { workspace: workspaceArgument, file: fileArgument, name: required('New name, with its folders') },
  async run({ args, sdk, out }) {
    const { id } = await requireFile(sdk, args.workspace, args.file)
    const file = await sdk.updateFile({ workspace_id: args.workspace, file_id: id, name: args.name })
    out.record(() => fieldsOf(file), file)
  },
})

export const fileVersions = command({
  path: ['file', 'versions'],
  summary: 'List the versions of a file. One that was replaced is kept for 30 days.',
  args: { workspace: workspaceArgument, file: fileArgument },
  flags: listFlags,
  async run({ args, flags, sdk, out }) {
    const { id } = await requireFile(sdk, args.workspace, args.file)
    const list = sdk.listFileVersions({ workspace_id: args.workspace, file_id: id, limit: pageSize(flags) })
    out.list(await takeItems(list, flags, out), versionColumns, 'It has no version.')
  },
})

export const fileRestore = command({
  path: ['file', 'restore'],
  summary: 'Make an older version of a file the current one.',
  mutates: true,
  args: { workspace: workspaceArgument, file: fileArgument, version: required('Number of the version') },
  async run({ args, sdk, out }) {
    const version = Number(args.version)
    if (!Number.isInteger(version) || version < 1) throw new CommandFailure('usage', `"${args.version}" is no number of a version.`)
    const { id } = await requireFile(sdk, args.workspace, args.file)
    const file = await sdk.restoreFileVersion({ workspace_id: args.workspace, file_id: id, version })
    out.record(() => fieldsOf(file), file)
  },
})

export const fileUrl = command({
  path: ['file', 'url'],
  summary: 'Print a URL that downloads a file without a credential, for five minutes at most.',
  args: { workspace: workspaceArgument, file: fileArgument },
  flags: { seconds: wholeNumber('N', 300, 'How long it lives') },
  async run({ args, flags, sdk, out }) {
    const { id } = await requireFile(sdk, args.workspace, args.file)
    const made = await sdk.getDownloadUrl({ workspace_id: args.workspace, file_id: id, expires_in_s: flags.seconds })
    out.result(made.url, made)
    out.note(`It lives ${made.expires_in_s} seconds.`)
  },
})
