import { ObjectsUnavailable } from '@freehold/drivers'
import { type S3Server, startS3Server } from '@freehold/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toAppError } from '../src/http/problem.ts'
import { startTestServer, type TestServer } from './support/test-server.ts'

let s3: S3Server
let server: TestServer
beforeAll(async () => {
  s3 = await startS3Server()
  server = await startTestServer({ s3: { ...s3, pathStyle: true } })
})
afterAll(async () => {
  s3?.thaw()
  await server?.close()
  await s3?.stop()
})

test('a server is ready while its bucket answers', async () => {
  const ready = () => server.call('GET', '/readyz')
  expect(await ready()).toMatchObject({ status: 200, json: { dependencies: { database: 'ok', objects: 'ok' } } })
  s3.freeze()
  expect(await ready()).toMatchObject({ status: 503, json: { dependencies: { database: 'ok', objects: 'down' } } })
  s3.thaw()
  await expect.poll(async () => (await ready()).status, { timeout: 10_000 }).toBe(200)
})

test('a store that is away is answered as such', () => {
  expect(toAppError(new ObjectsUnavailable('away'))).toMatchObject({ code: 'unavailable', status: 503 })
})
