import { join } from 'node:path'
import { UploadMissing } from '../object-errors.ts'
import { isUploadName, parseKey } from '../object-key.ts'

export type Places = ReturnType<typeof placesIn>

/**
 * Where things stand in the directory:
 *
 *     stored/<2 of the workspace>/<workspace>/<2 of the object>/<object>   objects, each whole
 *     parts/<workspace>.<object>.<upload>                                 resumable uploads
 *     tmp/<id>                                                            what is being written
 */
export function placesIn(directory: string) {
  const stored = join(directory, 'stored')
  const parts = join(directory, 'parts')
  const ofWorkspace = (workspaceId: string) => join(stored, shardOf(workspaceId), workspaceId)
  return {
    directory,
    stored,
    parts,
    tmp: join(directory, 'tmp'),
    ofWorkspace,
    ofObject(key: string) {
      const { workspaceId, objectId } = parseKey(key)
      return join(ofWorkspace(workspaceId), shardOf(objectId), objectId)
    },
    ofUpload(key: string, uploadId: string) {
      const { workspaceId, objectId } = parseKey(key)
      if (!isUploadName(uploadId)) throw new UploadMissing()
      return join(parts, `${workspaceId}.${objectId}.${uploadId}`)
    },
  }
}

/** The last digits: the first ones of our ids are the time, and would fill one directory after the other. */
function shardOf(id: string): string {
  return id.slice(-2)
}
