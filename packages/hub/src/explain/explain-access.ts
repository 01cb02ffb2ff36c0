import type { ObjectRef, Relationship } from '@freehold/authz'
import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, type ApiKeyRole, type Explanation, type Permission } from '@freehold/contract'
import { productSchema, rolesThatGrant } from '@freehold/authz'
import type { ExplainDeps } from './deps.ts'
import { findWho, type Who } from './find-who.ts'
import { findObstacles } from './obstacles.ts'
import { nameObjects } from './name-objects.ts'
import { findEnvironmentBySlug, findStanding } from './queries.ts'

type Target = { object: ObjectRef; noun: string; label: string }

/** Why somebody may, or may not, do something here, and what would change it. */
export async function explainAccess(ctx: RequestContext, deps: ExplainDeps, { query }: InputOf<'explainAccess'>): Promise<Explanation> {
  const workspace = ctx.granted('workspace', 'read')
  const standing = await findStanding(ctx.db, workspace.id)
  if (!standing) throw new AppError('not_found', 'No such workspace.')
  const who = await findWho(ctx, workspace.id, query.principal)
  const target = await findTarget(ctx, { id: workspace.id, label: standing.name }, query.resource)

  const held = await heldRole(deps, who, ctx, workspace.id)
  const { allowed: isAllowedByRole, path } = await decide(deps, ctx, who, query.permission, target.object)
  const obstacles = await findObstacles(ctx, workspace.id, standing, {
    who,
    permission: query.permission,
    noun: target.noun,
    role: held,
    isAllowedByRole,
    type: target.object.type,
  })
  const nameOf = await nameObjects(
    ctx,
    { who, standing, workspaceId: workspace.id, target: target.object, targetLabel: target.label },
    path,
  )
  return {
    allowed: obstacles.length === 0,
    principal: { kind: who.kind, id: who.id, label: who.label },
    permission: query.permission,
    resource: { kind: target.object.type, id: target.object.id, label: target.label },
    role: held,
    path: path.map(({ resource, relation, subject, expiresAt }) => ({
      resource: nameOf(resource),
      relation,
      subject: nameOf(subject),
      expires_at: expiresAt?.toISOString() ?? null,
    })),
    conditions: conditionsOf(who, standing.require_second_factor, path),
    obstacles,
  }
}

async function findTarget(ctx: RequestContext, workspace: { id: string; label: string }, named: string | undefined): Promise<Target> {
  const whole = { object: { type: 'workspace', id: workspace.id }, label: workspace.label }
  if (!named || ['workspace', `workspace:${workspace.id}`].includes(named)) return { ...whole, noun: 'workspaces' }
  const slug = /^environment:(.+)$/.exec(named)?.[1]
  if (slug !== undefined) {
    const environment = await findEnvironmentBySlug(ctx.db, workspace.id, slug)
    if (!environment) throw new AppError('not_found', 'No environment of this slug in this workspace.')
    return { object: { type: 'environment', id: environment.id }, label: environment.slug, noun: 'environments' }
  }
  if (/^[a-z]+(?:_[a-z]+)*$/.test(named)) return { ...whole, noun: named }
  throw new AppError('invalid_request', 'Name the resource as `environment:{slug}` or by a noun such as `api_keys`.', {
    errors: [{ pointer: '/query/resource', message: 'must be `environment:{slug}` or a noun such as `api_keys`' }],
  })
}

// A workspace token stands in no relationship: its role is in the token.
function decide(deps: ExplainDeps, ctx: RequestContext, who: Who, permission: Permission<'workspace'>, object: ObjectRef) {
  if (who.kind !== 'workspace_token') {
    const isKnown = object.type !== 'environment' || environmentPermissions.has(permission)
    return isKnown ? deps.check({ type: who.kind, id: who.id }, permission, object) : { allowed: false, path: [] }
  }
  const roles = rolesThatGrant(productSchema(), 'workspace', permission)
  return { allowed: roles.includes(ctx.principal.role as ApiKeyRole), path: [] }
}

const environmentPermissions = new Set(['read', 'write', 'execute', 'deploy', 'manage_secrets', 'reveal', 'administer'])

/** The role that gives most: their own, or `admin` by the account. */
async function heldRole(deps: ExplainDeps, who: Who, ctx: RequestContext, workspaceId: string): Promise<string | null> {
  if (who.kind === 'workspace_token') return ctx.principal.role
  const subject = { type: who.kind, id: who.id }
  const object = { type: 'workspace', id: workspaceId }
  // An API key is never an owner, and the schema does not know the question.
  for (const role of ['owner', 'admin', 'edit', 'view']) {
    const asked = role === 'admin' ? 'administer' : role
    if (role === 'owner' && who.kind === 'api_key') continue
    if ((await deps.check(subject, asked, object)).allowed) return role
  }
  return null
}

function conditionsOf({ kind, key, isCaller }: Who, requiresSecondFactor: boolean, path: readonly Relationship[]): string[] {
  const ends = path.flatMap(({ expiresAt }) => (expiresAt ? [expiresAt.toISOString()] : [])).toSorted()
  const quoted = (values: readonly string[]) => values.map((value) => `\`${value}\``).join(', ')
  return [
    ...(ends[0] ? [`It ends at ${ends[0]}.`] : []),
    ...(key && key.allowed_ips.length > 0 ? [`The request comes from ${quoted(key.allowed_ips)}.`] : []),
    ...(key && key.allowed_origins.length > 0 ? [`The request comes from a page of ${quoted(key.allowed_origins)}.`] : []),
    ...(key && key.environments.length > 0 ? [`It is about the environments ${quoted(key.environments)}.`] : []),
    ...(requiresSecondFactor && kind === 'user' && !isCaller ? ['They have signed in with a second factor.'] : []),
  ]
}
