import { type Guard, permissions, type ResourceType } from '@freehold/contract'
import { INSTALLATION_ID } from '@freehold/hub'
import type { Actor } from './actors.ts'
import { expectStatus } from './request.ts'
import type { Tenant } from './tenant.ts'
import type { TestServer } from './test-server.ts'

const view = ['read']
const edit = [...view, 'write', 'execute', 'deploy']
const admin = [...edit, 'manage_secrets', 'reveal', 'ddl', 'manage_members', 'administer']
const owner = [...admin, 'transfer']

// The table of the API reference, written down a second time on purpose: the schema that the server evaluates is held against it.
const reach = {
  operator: { installation: ['read', 'administer'] },
  'account owner': { account: ['read', 'administer', 'manage_billing', 'transfer'], workspace: admin },
  'account admin': { account: ['read', 'administer', 'manage_billing'], workspace: admin },
  'account billing': { account: ['read', 'manage_billing'] },
  'account member': { account: ['read'] },
  'workspace owner': { workspace: owner },
  'workspace admin': { workspace: admin },
  'workspace edit': { workspace: edit },
  'workspace view': { workspace: view },
  'key admin': { workspace: admin },
  'key edit': { workspace: edit },
  'key view': { workspace: view },
  'group edit': { account: ['read'], workspace: edit },
  'nested group view': { account: ['read'], workspace: view },
  'token admin': { workspace: admin },
  'token view': { workspace: view },
  'tenant admin': { workspace: admin },
  'tenant view': { workspace: view },
  stranger: {},
} satisfies Record<string, Partial<Record<ResourceType, readonly string[]>>>

export type Role = keyof typeof reach
export type Cast = Record<Role, Actor>
export const roles = Object.keys(reach) as Role[]
export const isKeyRole = (role: Role) => role.startsWith('key ')
export const isTokenRole = (role: Role) => /^(?:token|tenant) /.test(role)
const isTenantRole = (role: Role) => role.startsWith('tenant ')

/** What a role may do on the tenant's object of a type. */
export function permissionsOf(role: Role, type: ResourceType): readonly string[] {
  return (reach[role] as Partial<Record<ResourceType, readonly string[]>>)[type] ?? []
}

export type Refusal = { status: 403 | 404; missing: string | null }

/** What the guard must answer to a role, and what a 403 names as missing: nothing where it lets it through. */
export function refusalOf(role: Role, guard: Guard): Refusal | null {
  if ('public' in guard) return null
  if (guard.principals && !guard.principals.includes(kindOf(role))) return { status: 403, missing: 'user' }
  const isKeptOut = isTenantRole(role) && guard.tenants === undefined
  if ('self' in guard) return isKeptOut ? { status: 403, missing: 'workspace' } : null
  const held = permissionsOf(role, guard.on)
  if (!held.includes(guard.permission)) {
    const mayKnow = held.includes('read') || guard.on === 'installation'
    return mayKnow ? { status: 403, missing: guard.permission } : { status: 404, missing: null }
  }
  return isKeptOut ? { status: 403, missing: 'workspace' } : null
}

function kindOf(role: Role) {
  return isKeyRole(role) ? 'api_key' : isTokenRole(role) ? 'workspace_token' : 'user'
}

/** One actor for every role on a tenant. */
export async function createCast(server: TestServer, tenant: Tenant): Promise<Cast> {
  const operator = await server.user()
  await server.relate(`installation:${INSTALLATION_ID}`, 'operator', `user:${operator.id}`)
  const cast: Partial<Cast> = { operator, stranger: await server.user() }
  for (const role of ['owner', 'admin', 'billing', 'member'] as const) {
    const person = await server.user()
    await server.relate(`account:${tenant.accountId}`, role, `user:${person.id}`)
    cast[`account ${role}`] = person
  }
  for (const role of ['owner', 'admin', 'edit', 'view'] as const) cast[`workspace ${role}`] = await server.member(tenant.workspace.id, role)
  for (const role of ['admin', 'edit', 'view'] as const) cast[`key ${role}`] = tenant.keys[role]
  Object.assign(cast, await createGroupRoles(server, tenant))
  for (const role of ['admin', 'view'] as const) {
    cast[`token ${role}`] = await accessToken(server, tenant, { isAdmin: role === 'admin' })
    cast[`tenant ${role}`] = await accessToken(server, tenant, { isAdmin: role === 'admin', tenantKey: `${role}-${tenant.canary}` })
  }
  return cast as Cast
}

/** Every permission that the table above knows must be one of the contract. */
export const unknownPermissions = Object.values(reach).flatMap((held) =>
  Object.entries(held).flatMap(([type, names]) =>
    names.filter((name) => !(permissions[type as ResourceType] as readonly string[]).includes(name)),
  ),
)

/** People whose only way into the workspace is a group, or a group inside a group. */
async function createGroupRoles(server: TestServer, { accountId, owner, workspace, canary }: Tenant) {
  const asOwner = server.as(owner)
  const group = async (name: string, role: 'edit' | 'view') => {
    const { json } = await asOwner('POST', `/v1/accounts/${accountId}/groups`, { name: `${name} ${canary}` })
    const id = json['id'] as string
    const grant = { subject_type: 'group', subject: id, role }
    expectStatus(await asOwner('POST', `/v1/workspaces/${workspace.id}/grants`, grant), 201)
    return id
  }
  const join = async (groupId: string) => {
    const person = await server.user()
    await server.relate(`account:${accountId}`, 'member', `user:${person.id}`)
    expectStatus(await asOwner('PUT', `/v1/accounts/${accountId}/groups/${groupId}/members/${person.id}`), 204)
    return person
  }
  const outer = await group('outer', 'view')
  const { json: inner } = await asOwner('POST', `/v1/accounts/${accountId}/groups`, { name: `inner ${canary}` })
  expectStatus(await asOwner('PUT', `/v1/accounts/${accountId}/groups/${outer}/groups/${String(inner['id'])}`), 204)
  return { 'group edit': await join(await group('editors', 'edit')), 'nested group view': await join(String(inner['id'])) }
}

async function accessToken(
  server: TestServer,
  { owner, workspace }: Tenant,
  wanted: { isAdmin: boolean; tenantKey?: string },
): Promise<Actor> {
  const made = await server.as(owner)('POST', `/org-workspaces/${workspace.id}/access-token`, wanted)
  expectStatus(made, 200)
  const token = made.json['token'] as string
  const me = await server.call('GET', '/v1/me', { token })
  expectStatus(me, 200)
  return { id: me.json['id'] as string, token }
}
