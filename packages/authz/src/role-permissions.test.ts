import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { permissionNames } from './engine.ts'
import { createMemoryReader } from './memory-reader.ts'
import { parseObject, parseRelationship, parseSubject } from './notation.ts'
import { productEngine, productSchema } from './schema.ts'

const golden = new URL('./role-permissions.golden.txt', import.meta.url)
const now = new Date('2026-01-01T00:00:00Z')

/** What holds the world together; each row of the table adds one role to it. */
const world = [
  'workspace:w1#account@account:a1',
  'environment:open#workspace@workspace:w1',
  'environment:open#unprotected@workspace:w1',
  'environment:closed#workspace@workspace:w1',
  'group:g1#account@account:a1',
  'group:g1#member@user:u1',
]
const roles: [role: string, tuple: string, subject: string][] = [
  ['nobody', 'account:elsewhere#owner@user:u1', 'user:u1'],
  ['operator', 'installation:i1#operator@user:u1', 'user:u1'],
  ...['owner', 'admin', 'billing', 'member'].map((role): [string, string, string] => [
    `account ${role}`,
    `account:a1#${role}@user:u1`,
    'user:u1',
  ]),
  ...['admin', 'billing', 'member'].map((role): [string, string, string] => [
    `account ${role} by group`,
    `account:a1#${role}@group:g1#member`,
    'user:u1',
  ]),
  ...['owner', 'admin', 'edit', 'view'].map((role): [string, string, string] => [
    `workspace ${role}`,
    `workspace:w1#${role}@user:u1`,
    'user:u1',
  ]),
  ...['admin', 'edit', 'view'].map((role): [string, string, string] => [
    `workspace ${role} by group`,
    `workspace:w1#${role}@group:g1#member`,
    'user:u1',
  ]),
  ...['owner', 'admin', 'edit', 'view'].map((role): [string, string, string] => [
    `api key ${role}`,
    `workspace:w1#${role}@api_key:k1`,
    'api_key:k1',
  ]),
]

async function table(resource: string) {
  const object = parseObject(resource)
  const names = permissionNames(productSchema(), object.type)
  const lines = [`${resource.padEnd(26)}${names.join('  ')}`]
  for (const [role, tuple, subject] of roles) {
    const reader = createMemoryReader([...world, tuple].map(parseRelationship))
    const { permissions } = await productEngine().permissionsOn(reader, parseSubject(subject), object, now)
    lines.push(`${role.padEnd(26)}${names.map((name) => (permissions.has(name) ? 'yes' : '-').padEnd(name.length)).join('  ')}`.trimEnd())
  }
  return lines.join('\n')
}

test('AM-02 GF-02 every role has exactly the permissions of the reviewed table', async () => {
  const tables = await Promise.all(['installation:i1', 'account:a1', 'workspace:w1', 'environment:open', 'environment:closed'].map(table))
  const actual = `${tables.join('\n\n')}\n`
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, actual)
  expect(actual).toBe(readFileSync(golden, 'utf8'))
})
