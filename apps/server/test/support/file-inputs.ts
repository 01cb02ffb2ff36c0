import { newId } from '@freehold/kit'
import { expectStatus } from './request.ts'
import type { Tenant } from './tenant.ts'
import type { TestServer } from './test-server.ts'

/** Files and uploads of a tenant, for routes that need one. */
export function createFileInputs(server: TestServer, tenant: Tenant) {
  const path = `/v1/workspaces/${tenant.workspace.id}/files`
  const bytes = Buffer.from(`bytes of ${tenant.canary}`)
  const owner = server.as(tenant.owner)
  const name = () => `folder-${newId().slice(-6)}/${tenant.canary}-${newId()}.txt`
  const creationHeaders = () => ({
    'tus-resumable': '1.0.0',
    'upload-length': '1000',
    'upload-metadata': `filename ${Buffer.from(name()).toString('base64')}`,
    'content-type': 'application/offset+octet-stream',
  })
  const appendHeaders = {
    'tus-resumable': '1.0.0',
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
  }

  /** A file with two versions. */
  async function file(): Promise<string> {
    const target = `${path}/content?name=${encodeURIComponent(name())}`
    expectStatus(await owner('PUT', target, bytes), 200)
    const made = await owner('PUT', target, bytes)
    expectStatus(made, 200)
    return made.json['id'] as string
  }

  async function uploadUrl(): Promise<{ id: string; token: string }> {
    const made = await owner('POST', `${path}/upload-url`, { name: name() })
    expectStatus(made, 201)
    return { id: (made.json['file'] as { id: string }).id, token: (made.json['upload_url'] as string).split('/').at(-1)! }
  }

  /** A pending file whose bytes have come. */
  async function received(): Promise<string> {
    const { id, token } = await uploadUrl()
    expectStatus(await server.call('PUT', `/v1/uploads/${token}`, { body: bytes }), 204)
    return id
  }

  async function downloadToken(): Promise<string> {
    const answer = await owner('GET', `${path}/${await file()}/download-url`)
    expectStatus(answer, 200)
    return (answer.json['url'] as string).split('/').at(-1)!
  }

  /** A resumable upload that has nothing yet. */
  async function upload(length = 1000): Promise<string> {
    const { 'content-type': _, ...headers } = creationHeaders()
    const made = await owner('POST', `${path}/tus`, undefined, { ...headers, 'upload-length': String(length) })
    expectStatus(made, 201)
    return made.json['id'] as string
  }

  /** The last bytes of an upload. */
  async function append() {
    return { params: { upload_id: await upload(bytes.length) }, headers: appendHeaders }
  }

  return { name, file, uploadUrl, received, downloadToken, upload, append, creationHeaders }
}
