import Type from 'typebox'
import { expect, test } from 'vitest'
import { contract, routes } from './contract.ts'
import { type AnyRoute, route } from './route.ts'
import { includesScope, knownScopes, scopeOf } from './scopes.ts'

test('PR-05 every route has a known scope, but for who one is and what is open to everybody', () => {
  const without = routes.filter((each) => scopeOf(each) === null)
  const open = routes.filter(({ guard }) => 'public' in guard)
  expect(without.map(({ operationId }) => operationId).toSorted()).toEqual(
    ['getMe', ...open.map(({ operationId }) => operationId)].toSorted(),
  )
  for (const scope of routes.map(scopeOf)) {
    if (scope === null) continue
    expect(scope).toMatch(/^[a-z]+(?:_[a-z]+)*:(?:read|write|execute|reveal)$/)
    expect(knownScopes).toContain(scope)
  }
})

test('PR-05 a scope names what stands behind the workspace, or the workspace itself', () => {
  const scopes = {
    getWorkspace: 'workspaces:read',
    updateWorkspace: 'workspaces:write',
    setWorkspaceStatus: 'workspaces:write',
    archiveWorkspace: 'workspaces:write',
    transferOwnership: 'workspaces:write',
    listWorkspaces: 'workspaces:read',
    listWorkspacesByAccount: 'workspaces:read',
    listApiKeys: 'api_keys:read',
    rotateApiKey: 'api_keys:write',
    listSessions: 'sessions:read',
    listProjectSessions: 'sessions:read',
    exportWorkspaceAudit: 'audit:read',
    updateTenant: 'tenants:write',
    listActivity: 'activity:read',
    streamEvents: 'events:read',
    listRegions: 'regions:read',
    getRun: 'provisioning_runs:read',
    listAccountMembers: 'accounts:read',
    getOrgWorkspace: 'org_workspaces:read',
    createAccessToken: 'org_workspaces:write',
    createMyToken: 'me:write',
  } as const
  for (const [operation, scope] of Object.entries(scopes)) {
    expect([operation, scopeOf(contract[operation as keyof typeof scopes])]).toEqual([operation, scope])
  }
})

test('PR-05 running and revealing are scopes of their own, whatever the method', () => {
  const made = (permission: 'execute' | 'reveal' | 'read', method: 'GET' | 'POST'): AnyRoute =>
    ({
      ...route({ ...contract.listSessions, response: Type.Array(Type.String()) }),
      method,
      path: '/v1/workspaces/:workspace_id/secrets/:key',
      guard: { permission, on: 'workspace', id: 'workspace_id' },
    }) as AnyRoute
  expect(scopeOf(made('reveal', 'GET'))).toBe('secrets:reveal')
  expect(scopeOf(made('execute', 'POST'))).toBe('secrets:execute')
  expect(scopeOf(made('read', 'POST'))).toBe('secrets:read')
})

test('PR-05 a key can be limited to what has no routes yet', () => {
  for (const scope of ['agents:read', 'prompts:execute', 'secrets:reveal', 'sessions:write', 'vault:*', 'api_keys:*']) {
    expect(knownScopes).toContain(scope)
  }
  for (const scope of ['agents', 'agents:', ':read', '*', '*:*', '*:read', 'nothing:read', 'agents:fly', 'Agents:read', 'agents:read ']) {
    expect(knownScopes).not.toContain(scope)
  }
})

test('PR-05 a scope is held by its name or by all verbs of its resource, and by nothing else', () => {
  expect(includesScope(['sessions:read'], 'sessions:read')).toBe(true)
  expect(includesScope(['sessions:*'], 'sessions:write')).toBe(true)
  for (const held of [[], ['sessions:write'], ['session:*'], ['sessions'], ['*:*'], ['agents:*', 'sessions:reading']]) {
    expect(includesScope(held, 'sessions:read')).toBe(false)
  }
})
