import type { RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { isUuid } from '@freehold/kit'
import { normalizeEmail } from '../identity/index.ts'
import { findKeyInAnyState, findPerson } from './queries.ts'

export type ExplainedKey = NonNullable<Awaited<ReturnType<typeof findKeyInAnyState>>>
/** About whom an explanation is asked. */
export type Who = { kind: 'user' | 'api_key' | 'workspace_token'; id: string; label: string; key: ExplainedKey | null; isCaller: boolean }

/** The caller, unless somebody else is named, for which `manage_members` is needed. */
export async function findWho(ctx: RequestContext, workspaceId: string, named: string | undefined): Promise<Who> {
  const { principal } = ctx
  if (named === undefined || named === `${principal.kind}:${principal.id}` || named === principal.email) {
    const key = principal.kind === 'api_key' ? ((await findKeyInAnyState(ctx.db, workspaceId, principal.id)) ?? null) : null
    return { kind: principal.kind, id: principal.id, label: principal.label, key, isCaller: true }
  }
  if (!ctx.permissions.has('manage_members')) {
    throw new AppError('forbidden', 'Only who manages the members may ask about others. Leave out `principal` to ask about yourself.', {
      members: { permission: 'manage_members' },
    })
  }
  const [kind, id] = named.includes('@') ? ['e-mail', named] : splitOnce(named)
  if (kind === 'api_key' && isUuid(id)) {
    const key = await findKeyInAnyState(ctx.db, workspaceId, id.toLowerCase())
    if (!key) throw new AppError('not_found', 'No such API key in this workspace.')
    return { kind: 'api_key', id: key.id, label: key.name, key, isCaller: false }
  }
  if (kind !== 'e-mail' && !(kind === 'user' && isUuid(id))) {
    throw new AppError('invalid_request', 'Name the principal as `user:{id}`, `api_key:{id}` or by e-mail.', {
      errors: [{ pointer: '/query/principal', message: 'must be `user:{id}`, `api_key:{id}` or an e-mail' }],
    })
  }
  const by = kind === 'user' ? { id: id.toLowerCase() } : { email: normalizeEmail(named) }
  const person = await findPerson(ctx.reading({ proof: 'id' in by ? { user_ids: by.id } : by }), by)
  if (!person) throw new AppError('not_found', 'Nobody signs in with this id or e-mail here.')
  return { kind: 'user', id: person.id, label: person.name, key: null, isCaller: false }
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(':')
  return [text.slice(0, Math.max(at, 0)), text.slice(at + 1)]
}
