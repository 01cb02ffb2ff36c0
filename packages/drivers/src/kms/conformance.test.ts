import { awsKeyId, freePort, type KmsServer, startAwsKmsServer, startTransitServer, transitToken } from '@freehold/testing'
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createAwsKms, createTransitKms, type Kms, type KmsError } from '../index.ts'

type Driver = { name: string; start(): Promise<KmsServer>; open(url: string, options?: { deadlineMs?: number; isForeign?: boolean }): Kms }

const drivers: Driver[] = [
  {
    name: 'AWS KMS',
    start: startAwsKmsServer,
    open: (endpoint, { isForeign, ...options } = {}) =>
      createAwsKms({
        keyId: isForeign ? awsKeyId.replace('1234abcd', 'ffffffff') : awsKeyId,
        endpoint: new URL(endpoint).origin,
        credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a-secret-of-nobody' },
        ...options,
      }),
  },
  {
    name: 'transit',
    start: startTransitServer,
    open: (url, { isForeign, ...options } = {}) =>
      createTransitKms({ url, token: () => (isForeign ? 'another-token' : transitToken), ...options }),
  },
]

describe.each(drivers)('$name', ({ start, open }) => {
  let server: KmsServer
  const opened: Kms[] = []
  beforeAll(async () => {
    server = await start()
  })
  afterEach(() => {
    server.behave('work')
    for (const kms of opened.splice(0)) kms.close()
  })
  afterAll(() => server.close())

  const kmsOf = (url = server.url, options?: Parameters<Driver['open']>[1]) => {
    const kms = open(url, options)
    opened.push(kms)
    return kms
  }
  const context = { application: 'freehold', version: '1' }
  const key = randomBytes(32)
  const refusalOf = (asking: Promise<unknown>) =>
    asking.then(
      () => 'was done',
      (error: unknown) => error,
    )

  test('a wrapped key opens again, also by another process and after the service has a new version of its own key', async () => {
    const wrapped = await kmsOf().wrap(key, context)
    expect(wrapped.includes(key)).toBe(false)
    server.rotate()
    expect(await kmsOf().unwrap(wrapped, { version: '1', application: 'freehold' })).toEqual(key)
  })

  test('it opens under no other context, and not where a byte differs', async () => {
    const kms = kmsOf()
    const wrapped = await kms.wrap(key, context)
    const damaged = Buffer.from(wrapped)
    damaged[damaged.length - 6]! ^= 1
    for (const [bytes, under] of [
      [wrapped, { ...context, version: '2' }],
      [wrapped, {}],
      [damaged, context],
    ] as const) {
      expect(await refusalOf(kms.unwrap(bytes, under as Record<string, string>))).toMatchObject({ name: 'KmsError', reason: 'refused' })
    }
  })

  test('a refusal, a broken service and one that is not there are told apart, and no message holds a key or a credential', async () => {
    const wrapped = await kmsOf().wrap(key, context)
    const errors = [await refusalOf(kmsOf(server.url, { isForeign: true }).unwrap(wrapped, context))]
    server.behave('refuse')
    errors.push(await refusalOf(kmsOf().unwrap(wrapped, context)))
    server.behave('break')
    errors.push(await refusalOf(kmsOf().wrap(key, context)))
    const nowhere = server.url.replace(/:\d+/, `:${await freePort()}`)
    errors.push(await refusalOf(kmsOf(nowhere).unwrap(wrapped, context)))
    expect(errors.map((error) => (error as KmsError).reason)).toEqual(['refused', 'refused', 'unreachable', 'unreachable'])
    for (const error of errors) {
      const text = String(error) + JSON.stringify(error)
      for (const secret of [key.toString('base64'), transitToken, 'another-token', 'a-secret-of-nobody']) expect(text).not.toContain(secret)
    }
  })

  test('a service that never answers is given up at the deadline, and the next call goes through', async () => {
    const kms = kmsOf(server.url, { deadlineMs: 300 })
    server.behave('hang')
    expect(await refusalOf(kms.wrap(key, context))).toMatchObject({ reason: 'unreachable' })
    server.behave('work')
    expect(await kmsOf().unwrap(await kmsOf().wrap(key, context), context)).toEqual(key)
  })
})
