import { productSchema, rolesThatGrant } from '@freehold/authz'
import type { RequestContext } from '@freehold/authz/request'
import { type Explanation, includesScope, type Permission } from '@freehold/contract'
import { readLimit } from '../limits/index.ts'
import { countApiKeys } from '../api-keys/index.ts'
import { countEnvironments } from '../environments/index.ts'
import type { Who } from './find-who.ts'
import type { findStanding } from './queries.ts'

type Obstacle = Explanation['obstacles'][number]
type Standing = NonNullable<Awaited<ReturnType<typeof findStanding>>>
type Asked = { who: Who; permission: Permission<'workspace'>; noun: string; role: string | null; isAllowedByRole: boolean; type: string }

/** Everything but the role's absence that would refuse the request, and the role's absence itself. */
export async function findObstacles(ctx: RequestContext, workspaceId: string, standing: Standing, asked: Asked): Promise<Obstacle[]> {
  const found = [
    ...lifeOfKey(ctx, asked.who),
    ...roleObstacle(asked),
    ...scopeObstacle(asked),
    ...stateObstacle(standing, asked.permission),
    ...secondFactorObstacle(ctx, standing, asked.who),
  ]
  return [...found, ...(await limitObstacle(ctx, workspaceId, asked))]
}

function lifeOfKey(ctx: RequestContext, { key }: Who): Obstacle[] {
  if (key?.revoked_at) return [{ kind: 'revoked', message: 'The key has been revoked.', fix: 'Create a new key.' }]
  if (key?.expires_at && key.expires_at <= ctx.clock.now()) {
    return [{ kind: 'expired', message: `The key expired at ${key.expires_at.toISOString()}.`, fix: 'Create a new key.' }]
  }
  return []
}

function roleObstacle({ who, permission, role, isAllowedByRole, type }: Asked): Obstacle[] {
  if (isAllowedByRole) return []
  const roles = rolesThatGrant(productSchema(), type === 'environment' && permission === 'deploy' ? 'environment' : 'workspace', permission)
    .filter((name) => !name.includes('->'))
    .map((name) => `\`${name}\``)
  const sufficient = roles.length > 0 ? `one of the roles ${roles.join(', ')}` : '`admin` on the workspace'
  return [
    {
      kind: 'role',
      message: role === null ? `${who.label} has no role here.` : `\`${role}\` does not include \`${permission}\`.`,
      fix:
        who.kind === 'api_key'
          ? `A key keeps its role: create one with ${sufficient}.`
          : permission === 'transfer'
            ? 'Only an owner can hand this over: `POST /v1/workspaces/{id}/transfer-ownership`.'
            : `Somebody with \`manage_members\` can grant ${sufficient}: \`POST /v1/workspaces/{id}/grants\`.`,
    },
  ]
}

function scopeObstacle({ who, permission, noun }: Asked): Obstacle[] {
  const scopes = who.key?.scopes ?? []
  const verb = ['read', 'execute', 'reveal'].includes(permission) ? permission : 'write'
  const needed = `${noun}:${verb}`
  if (scopes.length === 0 || includesScope(scopes, needed)) return []
  return [
    {
      kind: 'scope',
      message: `The key is limited to ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`,
      fix: `Create a key with the scope \`${needed}\`, or without scopes.`,
    },
  ]
}

function stateObstacle({ status }: Standing, permission: string): Obstacle[] {
  if (status === 'archived') {
    return [{ kind: 'state', message: 'The workspace is archived.', fix: 'Restore it: `POST /v1/workspaces/{id}/restore`.' }]
  }
  if (permission === 'read' || (status !== 'frozen' && status !== 'offboarding')) return []
  return [
    {
      kind: 'state',
      message: `The workspace is ${status}: every write is refused, but for what takes access away.`,
      fix: 'Unfreeze it: `PATCH /v1/workspaces/{id}/status` with `{"status":"active"}`.',
    },
  ]
}

function secondFactorObstacle(ctx: RequestContext, standing: Standing, who: Who): Obstacle[] {
  if (!standing.require_second_factor || !who.isCaller || who.kind !== 'user' || ctx.principal.secondFactor) return []
  return [
    {
      kind: 'second_factor',
      message: `${standing.account_name} lets in only who has signed in with a second factor.`,
      fix: 'Set one up under your profile, then sign in with it.',
    },
  ]
}

/** Where the asked thing is one of which a workspace may have only so many. */
async function limitObstacle(ctx: RequestContext, workspaceId: string, { noun, permission }: Asked): Promise<Obstacle[]> {
  const counters = { api_keys: countApiKeys, environments: countEnvironments }
  if (permission === 'read' || !Object.hasOwn(counters, noun)) return []
  const name = noun as keyof typeof counters
  const [allowed, used] = await Promise.all([readLimit(ctx.db, workspaceId, name), counters[name](ctx.db, workspaceId)])
  if (used < allowed) return []
  return [
    {
      kind: 'limit',
      message: `The workspace has ${used} of ${allowed} ${name.replace('_', ' ')}.`,
      fix: 'Remove one, or ask the operator for more.',
    },
  ]
}
