import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { ImportedSecrets } from '@freehold/contract'
import type { Tx } from '@freehold/db'
import type { DataKey, InstanceDeps } from '../deps.ts'
import { holds } from './put-secret.ts'
import { countSecrets, lockSecrets, type SecretRow } from './queries.ts'
import { type Imported, readImport, refuseImport } from './read-import.ts'
import { storeSecret } from './store-value.ts'
import { findCurrentVersions } from './version-queries.ts'

type Place = { workspaceId: string; environment: string }

/** Writes many secrets of one environment or none of them. Those that are not named stay. */
export async function importSecrets(
  ctx: RequestContext,
  deps: InstanceDeps,
  { query, body }: InputOf<'importSecrets'>,
): Promise<ImportedSecrets> {
  const workspace = ctx.granted('workspace', 'manage_secrets')
  const now = ctx.clock.now()
  const environment = query.environment ?? ''
  const place = { workspaceId: workspace.id, environment }
  const wanted = readImport(body)
  return ctx.mutate('secret.import', workspace, async (tx) => {
    const names = wanted.map(({ key }) => key)
    const [rows, dataKey] = await Promise.all([
      lockSecrets(tx, workspace.id, environment, names),
      deps.keys.newest(tx, workspace.id, now),
      environment !== '' && deps.environments.require(tx, workspace.id, environment),
    ])
    const there = new Map(rows.map((row) => [row.key, row]))
    refuseManagedOf(wanted, there)
    const changes = await sort(tx, deps, place, { wanted, there, dataKey })
    const { created } = changes
    if (created.length > 0) await deps.limits.refuseOver(tx, workspace.id, 'secrets', () => countSecrets(tx, workspace.id), created.length)
    for (const { key, value } of [...created, ...changes.updated]) {
      const category = there.has(key) ? undefined : body.category
      await storeSecret(tx, { ...place, key }, there.get(key), { value, category, dataKey, actorId: ctx.principal.id, now })
    }
    const result = { created: keysOf(created), updated: keysOf(changes.updated), unchanged: keysOf(changes.unchanged) }
    return {
      resource: { kind: 'environment', id: environment || workspace.id, label: environment || 'shared' },
      after: result,
      result,
    }
  })
}

function refuseManagedOf(wanted: readonly Imported[], there: ReadonlyMap<string, SecretRow>): void {
  const managed = wanted.filter(({ key }) => there.get(key)?.managed)
  if (managed.length === 0) return
  refuseImport(managed.map(({ key, pointer }) => ({ pointer, message: `\`${key}\` is managed by the platform: leave it out` })))
}

type Changes = { created: Imported[]; updated: Imported[]; unchanged: Imported[] }

async function sort(
  tx: Tx,
  deps: InstanceDeps,
  place: Place,
  { wanted, there, dataKey }: { wanted: readonly Imported[]; there: ReadonlyMap<string, SecretRow>; dataKey: DataKey },
): Promise<Changes> {
  const current = await findCurrentVersions(tx, place, [...there.keys()])
  const changes: Changes = { created: [], updated: [], unchanged: [] }
  for (const imported of wanted) {
    const { key, value } = imported
    const [before, sealed] = [there.get(key), current.get(key)]
    const held = before && { row: before, current: sealed ?? null }
    const isSame = held && (await holds(tx, deps, { at: { ...place, key }, held, dataKey, value }))
    changes[before ? (isSame ? 'unchanged' : 'updated') : 'created'].push(imported)
  }
  return changes
}

function keysOf(secrets: readonly Imported[]): string[] {
  return secrets.map(({ key }) => key).toSorted()
}
