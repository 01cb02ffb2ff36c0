import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, type RevealedSecret, type Secret } from '@freehold/contract'
import type { Db } from '@freehold/db'
import type { InstanceDeps } from '@freehold/instance'
import { secretHandlers as sealedHandlers } from '../../packages/instance/src/secrets/index.ts'

export * from '../../packages/instance/src/secrets/index.ts'

type Row = { value: string; version: number; updated_at: Date; updated_by: string | null }

/** The same routes, with reveal and put of one plaintext row: audited as theirs are, and nothing else. */
export function secretHandlers(deps: InstanceDeps) {
  return { ...sealedHandlers(deps), revealSecret, putSecret }
}

async function revealSecret(ctx: RequestContext, { params }: InputOf<'revealSecret'>): Promise<RevealedSecret> {
  const workspace = ctx.granted('workspace', 'reveal')
  return ctx.mutate('secret.reveal', workspace, async (tx) => {
    const row = await find(tx, workspace.id, params.key)
    if (!row) throw new AppError('not_found', 'There is no such row.')
    const { value, version, updated_at, updated_by } = row
    const known = { key: params.key, environment: null, category: 'custom' as const, description: '', managed: false, previous: null }
    return {
      resource: { kind: 'secret', id: params.key, label: params.key },
      after: { version },
      result: { ...known, value, version, updated_at: updated_at.toISOString(), updated_by },
    }
  })
}

async function putSecret(ctx: RequestContext, { params, body }: InputOf<'putSecret'>): Promise<Secret> {
  const workspace = ctx.granted('workspace', 'manage_secrets')
  const now = ctx.clock.now()
  return ctx.mutate('secret.put', workspace, async (tx) => {
    const before = await find(tx, workspace.id, params.key, 'for update')
    const version = (before?.version ?? 0) + 1
    await tx.sql({
      name: 'plain_put',
      text: `insert into instance.plain_row (workspace_id, key, value, version, updated_at, updated_by) values ($1, $2, $3, $4, $5, $6)
        on conflict (workspace_id, key) do update set value = $3, version = $4, updated_at = $5, updated_by = $6`,
      values: [workspace.id, params.key, body.value, version, now, ctx.principal.id],
    })
    const shown = (at: number) => ({ name: params.key, environment: null, category: 'custom' as const, description: '', version: at })
    const rest = { id: workspace.id, managed: false, rotate_every_days: null, rotation_due_at: null, previous: null }
    const times = { created_at: now.toISOString(), updated_at: now.toISOString(), updated_by: ctx.principal.id }
    return {
      resource: { kind: 'secret', id: params.key, label: params.key },
      before: before ? shown(before.version) : null,
      after: shown(version),
      result: { ...rest, ...times, key: params.key, environment: null, category: 'custom', description: '', version },
    }
  })
}

async function find(db: Db, workspaceId: string, key: string, lock: 'for update' | '' = ''): Promise<Row | undefined> {
  const text = `select value, version, updated_at, updated_by from instance.plain_row where workspace_id = $1 and key = $2 ${lock}`
  const [row] = await db.sql<Row>({ name: `plain_find ${lock}`, text, values: [workspaceId, key] })
  return row
}
