import { build, type Db, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'

const environmentColumns = ['id', 'slug', 'name', 'status', 'protected', 'created_at'] as const
export type EnvironmentRow = Awaited<ReturnType<typeof listEnvironments>>[number]

export function listEnvironments(db: Db, workspaceId: string, page: { limit: number; after: string | null }) {
  let query = build
    .selectFrom('hub.environment')
    .select(environmentColumns)
    .where('workspace_id', '=', workspaceId)
    .orderBy('id')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('id', '>', page.after)
  return db.rows(query)
}

export async function countEnvironments(db: Db, workspaceId: string): Promise<number> {
  const row = await db.first(
    build
      .selectFrom('hub.environment')
      .select((select) => select.fn.countAll<string>().as('count'))
      .where('workspace_id', '=', workspaceId),
  )
  return Number(row?.count ?? 0)
}

/** Undefined when the slug is taken in this workspace. */
export function insertEnvironment(
  tx: Tx,
  workspaceId: string,
  environment: { id: string; slug: string; name: string; protected: boolean; status: 'provisioning' | 'active'; now: Date },
) {
  return tx.first(
    build
      .insertInto('hub.environment')
      .values({
        workspace_id: workspaceId,
        id: environment.id,
        slug: environment.slug,
        name: environment.name,
        status: environment.status,
        protected: environment.protected,
        created_at: environment.now,
      })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doNothing())
      .returning(environmentColumns),
  )
}

const standard = [
  { slug: 'dev', name: 'Development', protected: false },
  { slug: 'staging', name: 'Staging', protected: false },
  { slug: 'prod', name: 'Production', protected: true },
] as const

/** Makes dev, staging and prod, where they are not there yet. */
export function insertStandardEnvironments(tx: Tx, workspaceId: string, now: Date) {
  return tx.run(
    build
      .insertInto('hub.environment')
      .values(
        standard.map((environment) => ({
          ...environment,
          workspace_id: workspaceId,
          id: newId(now.getTime()),
          status: 'provisioning',
          created_at: now,
        })),
      )
      .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doNothing()),
  )
}

export function listEnvironmentIds(tx: Tx, workspaceId: string) {
  return tx.rows(build.selectFrom('hub.environment').select(['id', 'protected']).where('workspace_id', '=', workspaceId))
}

export function deleteEnvironments(tx: Tx, workspaceId: string) {
  return tx.run(build.deleteFrom('hub.environment').where('workspace_id', '=', workspaceId))
}

export function activateEnvironments(tx: Tx, workspaceId: string) {
  return tx.run(build.updateTable('hub.environment').set({ status: 'active' }).where('workspace_id', '=', workspaceId))
}

export async function hasEnvironment(db: Db, workspaceId: string, slug: string): Promise<boolean> {
  return (
    (await db.first(build.selectFrom('hub.environment').select('id').where('workspace_id', '=', workspaceId).where('slug', '=', slug))) !==
    undefined
  )
}
