import { accountRoles, apiKeyRoles, permissions, workspaceRoles } from '@freehold/contract'
import { describe, expect, test } from 'vitest'
import { permissionNames } from './engine.ts'
import { productSchema } from './schema.ts'

const schema = productSchema()
const relationsOf = (type: string) =>
  [...(schema.definitions.get(type)?.members.values() ?? [])].filter((member) => member.kind === 'relation')

// Declared in the schema for a finer question than a route's guard asks, so no route can name it.
const beyondTheContract = ['environment']

describe('GF-02 schema.zed and the contract name the same', () => {
  test.each(Object.entries(permissions))('permissions of %s', (type, names) => {
    expect(permissionNames(schema, type).toSorted()).toEqual([...names].toSorted())
  })
  test('types with permissions', () => {
    const withPermissions = [...schema.definitions.keys()].filter((type) => permissionNames(schema, type).length > 0)
    expect(withPermissions.toSorted()).toEqual([...new Set([...Object.keys(permissions), ...beyondTheContract])].toSorted())
  })
  test('permissions of an environment are permissions of a workspace', () => {
    expect(permissions.workspace).toEqual(expect.arrayContaining(permissionNames(schema, 'environment')))
  })
  test('AM-02 roles of a workspace, of an account, and of an API key, which is never an owner', () => {
    expect(relationsOf('workspace').map((relation) => relation.name)).toEqual(['account', ...workspaceRoles])
    expect(relationsOf('account').map((relation) => relation.name)).toEqual([...accountRoles])
    const heldByKeys = relationsOf('workspace').filter((relation) => relation.subjects.some((subject) => subject.type === 'api_key'))
    expect(heldByKeys.map((relation) => relation.name)).toEqual([...apiKeyRoles])
  })
})
