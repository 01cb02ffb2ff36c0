import type { RequestContext } from '@freehold/authz/request'
import { AppError } from '@freehold/contract'
import { isUuid } from '@freehold/kit'
import { findPersonNamed } from '../identity/index.ts'
import { findKeyInAnyState } from './queries.ts'

export type ExplainedKey = NonNullable<Awaited<ReturnType<typeof findKeyInAnyState>>>
/** About whom an explanation is asked. */
export type Who = { kind: 'user' | 'api_key' | 'workspace_token'; id: string; label: string; key: ExplainedKey | null; isCaller: boolean }

/** The caller, unless somebody else is named, for which `manage_members` is needed. */
export async function findWho(ctx: RequestContext, workspaceId: string, named: string | undefined): Promise<Who> {
  const { principal } = ctx
  if (!named || [principal.id, `${principal.kind}:${principal.id}`, principal.email].includes(named)) {
    const key = principal.kind === 'api_key' ? ((await findKeyInAnyState(ctx.db, workspaceId, principal.id)) ?? null) : null
    return { kind: principal.kind, id: principal.id, label: principal.label, key, isCaller: true }
  }
  if (!ctx.permissions.has('manage_members')) {
    throw new AppError('forbidden', 'Only who manages the members may ask about others. Leave out `principal` to ask about yourself.', {
      members: { permission: 'manage_members' },
    })
  }
  const { kind, id } = readName(named)
  const key = kind === 'user' || kind === 'e-mail' ? undefined : await findKeyInAnyState(ctx.db, workspaceId, id)
  if (key) return { kind: 'api_key', id: key.id, label: key.name, key, isCaller: false }
  if (kind === 'api_key') throw new AppError('not_found', 'No such API key in this workspace.')
  const person = await findPersonNamed(ctx, id)
  if (!person) throw new AppError('not_found', 'Nobody signs in with this id or e-mail here.')
  return { kind: 'user', id: person.id, label: person.name, key: null, isCaller: false }
}

/** What a principal is named by. An id alone may be a person's or a key's. */
function readName(named: string): { kind: 'user' | 'api_key' | 'e-mail' | 'any'; id: string } {
  if (named.includes('@')) return { kind: 'e-mail', id: named }
  const [, kind, id] = /^(?:(user|api_key):)?(.+)$/.exec(named) ?? []
  if (id !== undefined && isUuid(id)) return { kind: kind === 'user' || kind === 'api_key' ? kind : 'any', id: id.toLowerCase() }
  throw new AppError('invalid_request', 'Name the principal as `user:{id}`, `api_key:{id}` or by e-mail.', {
    errors: [{ pointer: '/query/principal', message: 'must be `user:{id}`, `api_key:{id}` or an e-mail' }],
  })
}
