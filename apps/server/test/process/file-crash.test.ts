import { hash, randomBytes } from 'node:crypto'
import http from 'node:http'
import { expect, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { newDataDir, operatorToken, startProcess } from './support/server-process.ts'
import { createAccount, createWorkspace } from './support/workload.ts'

const mib = 1024 * 1024

test('GF-19 kill -9 in the middle of uploads: no half file is there, and the resumable one goes on', async () => {
  const dataDir = newDataDir()
  let server = await startProcess({ dataDir })
  const token = operatorToken(dataDir)
  const bytes = randomBytes(50 * mib)
  const workspaceId = await openWorkspace()
  const files = `/v1/workspaces/${workspaceId}/files`
  const begun = await server.call('POST', `${files}/tus`, {
    token,
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'upload-metadata': `filename ${Buffer.from('resumed').toString('base64')}`,
    },
  })
  const path = begun.headers.get('location')!

  const head = () => server.call('HEAD', path, { token, headers: { 'tus-resumable': '1.0.0' } })
  const offset = async () => Number((await head()).headers.get('upload-offset'))
  const tus = send('PATCH', path, { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0', 'tus-resumable': '1.0.0' })
  const streamed = send('PUT', `${files}/content?name=streamed`, { 'content-type': 'application/octet-stream' })
  tus.write(bytes.subarray(0, 30 * mib))
  streamed.write(bytes.subarray(0, 30 * mib))
  await waitFor(offset, (size) => size > 10 * mib)
  await server.kill()

  server = await startProcess({ dataDir })
  expect((await server.call('GET', files, { token })).list).toEqual([])
  const kept = await offset()
  expect(kept).toBeGreaterThan(10 * mib)
  expect(kept).toBeLessThanOrEqual(30 * mib)
  const rest = await server.call('PATCH', path, {
    token,
    body: bytes.subarray(kept),
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(kept), 'tus-resumable': '1.0.0' },
  })
  expect(rest.status).toBe(204)
  const listed = (await server.call('GET', files, { token })).list
  expect(listed.map(({ name, checksum_sha256: sha256 }) => [name, sha256])).toEqual([['resumed', hash('sha256', bytes, 'hex')]])
  await server.kill()

  async function openWorkspace(): Promise<string> {
    const account = await createAccount(server, token)
    const id = (await createWorkspace(server, token, account.json['id'] as string))!
    await waitFor(
      () => server.call('GET', `/v1/workspaces/${id}`, { token }),
      ({ json }) => json['status'] === 'active',
    )
    return id
  }

  function send(method: string, to: string, headers: Record<string, string>): http.ClientRequest {
    const request = http.request(server.url + to, { method, headers: { authorization: `Bearer ${token}`, ...headers } })
    request.on('error', () => undefined)
    return request
  }
}, 120_000)
