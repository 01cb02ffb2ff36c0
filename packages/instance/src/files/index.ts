import type { InputOf, RequestContext } from '@freehold/authz/request'
import { deleteFile, restoreFileVersion, updateFile } from './change-files.ts'
import { createUploadUrl } from './create-upload-url.ts'
import { defaultMaxFileBytes, type FileDeps, type FileOptions, largestFileBytes } from './deps.ts'
import { downloadFile, getDownloadUrl } from './download-urls.ts'
import { createFileTokens } from './file-tokens.ts'
import { finalizeFile } from './finalize-file.ts'
import { putFileContent } from './put-file-content.ts'
import { getFile, getFileContent, getFileVersionContent, listFiles, listFileVersions, listFolder } from './read-files.ts'
import { receiveUpload } from './receive-upload.ts'
import { createStaging } from './staging.ts'
import { appendFileUpload, createFileUpload, deleteFileUpload, getFileUpload } from './tus-uploads.ts'

export { createFileSweep, type FileSweep } from './file-sweep.ts'
export { deleteWorkspaceFileRows, deleteWorkspaceObjects, fileExport } from './workspace-files.ts'

export function fileHandlers(options: FileOptions) {
  const deps: FileDeps = {
    objects: options.objects,
    limits: options.limits,
    places: options.places,
    origin: options.origin,
    staging: createStaging(options),
    tokens: createFileTokens(options.urlKey),
    maxFileBytes: Math.min(options.maxFileBytes ?? defaultMaxFileBytes, largestFileBytes),
  }
  return {
    listFiles,
    listFolder,
    getFile,
    updateFile,
    listFileVersions,
    createUploadUrl: (ctx: RequestContext, input: InputOf<'createUploadUrl'>) => createUploadUrl(ctx, deps, input),
    finalizeFile: (ctx: RequestContext, input: InputOf<'finalizeFile'>) => finalizeFile(ctx, deps, input),
    putFileContent: (ctx: RequestContext, input: InputOf<'putFileContent'>) => putFileContent(ctx, deps, input),
    deleteFile,
    getFileContent: (ctx: RequestContext, input: InputOf<'getFileContent'>) => getFileContent(ctx, deps, input),
    getDownloadUrl: (ctx: RequestContext, input: InputOf<'getDownloadUrl'>) => getDownloadUrl(ctx, deps, input),
    getFileVersionContent: (ctx: RequestContext, input: InputOf<'getFileVersionContent'>) => getFileVersionContent(ctx, deps, input),
    restoreFileVersion: (ctx: RequestContext, input: InputOf<'restoreFileVersion'>) => restoreFileVersion(ctx, deps, input),
    createFileUpload: (ctx: RequestContext, input: InputOf<'createFileUpload'>) => createFileUpload(ctx, deps, input),
    getFileUpload: (ctx: RequestContext, input: InputOf<'getFileUpload'>) => getFileUpload(ctx, deps, input),
    appendFileUpload: (ctx: RequestContext, input: InputOf<'appendFileUpload'>) => appendFileUpload(ctx, deps, input),
    deleteFileUpload: (ctx: RequestContext, input: InputOf<'deleteFileUpload'>) => deleteFileUpload(ctx, deps, input),
    receiveUpload: (ctx: RequestContext, input: InputOf<'receiveUpload'>) => receiveUpload(ctx, deps, input),
    downloadFile: (ctx: RequestContext, input: InputOf<'downloadFile'>) => downloadFile(ctx, deps, input),
  }
}
