import { AppError } from '@freehold/contract'

const notYet = () => Promise.reject(new AppError('unavailable', 'Files are not served yet.'))

export function fileHandlers() {
  return {
    listFiles: notYet,
    listFolder: notYet,
    createUploadUrl: notYet,
    finalizeFile: notYet,
    putFileContent: notYet,
    getFile: notYet,
    updateFile: notYet,
    deleteFile: notYet,
    getFileContent: notYet,
    getDownloadUrl: notYet,
    listFileVersions: notYet,
    getFileVersionContent: notYet,
    restoreFileVersion: notYet,
    createFileUpload: notYet,
    getFileUpload: notYet,
    appendFileUpload: notYet,
    deleteFileUpload: notYet,
    receiveUpload: notYet,
    downloadFile: notYet,
  }
}
