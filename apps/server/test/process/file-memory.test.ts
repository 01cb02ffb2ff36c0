import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { expect, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { newDataDir, operatorToken, startProcess } from './support/server-process.ts'
import { createAccount, createWorkspace } from './support/workload.ts'

const mib = 1024 * 1024
const sizeBytes = 256 * mib

// Much less than the file, and more than a garbage collector leaves lying about on a busy machine. `bench/files.ts` measures it.
const mostMib = 150

test('GF-19 a file of 256 MiB goes up and down in parts of it: memory does not grow with the file', async ({ annotate }) => {
  const dataDir = newDataDir()
  const server = await startProcess({ dataDir })
  const token = operatorToken(dataDir)
  const account = await createAccount(server, token)
  const id = (await createWorkspace(server, token, account.json['id'] as string))!
  await waitFor(
    () => server.call('GET', `/v1/workspaces/${id}`, { token }),
    ({ json }) => json['status'] === 'active',
  )
  const residentMib = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))![1]) / 1024
  const before = residentMib()
  let most = before
  const watch = setInterval(() => (most = Math.max(most, residentMib())), 20)

  const sent = createHash('sha256')
  function* body() {
    for (let at = 0; at < sizeBytes; at += mib) {
      const chunk = Buffer.alloc(mib, at / mib)
      sent.update(chunk)
      yield chunk
    }
  }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
  const request = http.request(`${server.url}/v1/workspaces/${id}/files/content?name=big`, { method: 'PUT', headers })
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject))
  await pipeline(Readable.from(body(), { objectMode: false }), request)
  const file = JSON.parse(Buffer.concat(await (await answered).toArray()).toString()) as Record<string, string>
  expect(file['checksum_sha256']).toBe(sent.digest('hex'))

  const response = await fetch(`${server.url}/v1/workspaces/${id}/files/${file['id']}/content`, { headers })
  const came = createHash('sha256')
  for await (const chunk of response.body!) came.update(chunk)
  expect(came.digest('hex')).toBe(file['checksum_sha256'])
  clearInterval(watch)
  await annotate(`${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most`)
  expect(most - before).toBeLessThan(mostMib)
  await server.kill()
}, 120_000)
