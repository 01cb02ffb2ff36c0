import { type Guard, permissions, type ResourceType } from '@freehold/contract'
import { INSTALLATION_ID } from '@freehold/hub'
import type { Actor } from './actors.ts'
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
  stranger: {},
} satisfies Record<string, Partial<Record<ResourceType, readonly string[]>>>

export type Role = keyof typeof reach
export type Cast = Record<Role, Actor>
export const roles = Object.keys(reach) as Role[]
export const isKeyRole = (role: Role) => role.startsWith('key ')

/** What a role may do on the tenant's object of a type. */
export function permissionsOf(role: Role, type: ResourceType): readonly string[] {
  return (reach[role] as Partial<Record<ResourceType, readonly string[]>>)[type] ?? []
}

/** What the guard must answer to a role: nothing where it lets it through. */
export function refusalOf(role: Role, guard: Guard): 403 | 404 | null {
  if ('public' in guard) return null
  if ('self' in guard) return guard.principals && isKeyRole(role) ? 403 : null
  const held = permissionsOf(role, guard.on)
  if (held.includes(guard.permission)) return null
  return held.includes('read') || guard.on === 'installation' ? 403 : 404
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
  return cast as Cast
}

/** Every permission that the table above knows must be one of the contract. */
export const unknownPermissions = Object.values(reach).flatMap((held) =>
  Object.entries(held).flatMap(([type, names]) =>
    names.filter((name) => !(permissions[type as ResourceType] as readonly string[]).includes(name)),
  ),
)
