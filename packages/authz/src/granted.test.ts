import { expect, test } from 'vitest'
import { authorize, type Authorizer } from './granted.ts'

const actor = { id: 'u1' }
const holding = (...held: string[]): Authorizer<{ id: string }> => ({ check: async (_, permission) => held.includes(permission) })

test('who has the permission gets the proof', async () => {
  expect(await authorize(holding('deploy'), actor, 'deploy', 'workspace', 'w1')).toEqual({ type: 'workspace', id: 'w1' })
})
test('GF-25 who may not read is told that it does not exist', async () => {
  for (const permission of ['read', 'administer'] as const) {
    await expect(authorize(holding(), actor, permission, 'workspace', 'w1')).rejects.toMatchObject({
      code: 'not_found',
      message: 'No such workspace.',
    })
  }
})
test('GF-25 who may read but not do is told which permission is missing', async () => {
  const refusal = authorize(holding('read'), actor, 'administer', 'workspace', 'w1')
  await expect(refusal).rejects.toMatchObject({ code: 'forbidden', members: { permission: 'administer' } })
})
test('an authorizer that fails refuses', async () => {
  const broken: Authorizer<{ id: string }> = { check: () => Promise.reject(new Error('no answer')) }
  await expect(authorize(broken, actor, 'read', 'workspace', 'w1')).rejects.toThrow('no answer')
})
