import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build, type Tx } from '@freehold/db'
import { newId } from '@freehold/kit'
import { saga } from '../index.ts'

export type Input = { slugs: string[] }
/** A folder stands for what lies outside Postgres. */
export type Deps = { folder: string }

/** Reserve in the request, then something inside and something outside Postgres, then the final status. */
export const provision = saga<Input, Deps>(
  'test.provision',
  [
    {
      name: 'reserve',
      run: async () => undefined,
      undo: ({ tx, run, reason }) => setStatus(tx, run.workspaceId, reason === 'cancelled' ? 'deleted' : 'failed'),
    },
    {
      name: 'environments',
      run: ({ tx, run, input, now }) =>
        tx.run(
          build
            .insertInto('hub.environment')
            .values(
              input.slugs.map((slug) => ({
                workspace_id: run.workspaceId,
                id: newId(),
                slug,
                name: slug,
                status: 'active',
                created_at: now,
              })),
            )
            .onConflict((conflict) => conflict.columns(['workspace_id', 'slug']).doNothing()),
        ),
      undo: ({ tx, run }) => tx.run(build.deleteFrom('hub.environment').where('workspace_id', '=', run.workspaceId)),
    },
    {
      name: 'plane',
      outside: true,
      run: async ({ deps, run }) => {
        await mkdir(deps.folder, { recursive: true })
        await writeFile(path.join(deps.folder, run.workspaceId), 'plane')
      },
      undo: ({ deps, run }) => rm(path.join(deps.folder, run.workspaceId), { force: true }),
    },
    {
      name: 'limits',
      run: ({ tx, run }) =>
        tx.run(
          build
            .insertInto('hub.workspace_limit')
            .values({ workspace_id: run.workspaceId, name: 'keys', allowed: 10 })
            .onConflict((conflict) => conflict.columns(['workspace_id', 'name']).doNothing()),
        ),
      undo: ({ tx, run }) => tx.run(build.deleteFrom('hub.workspace_limit').where('workspace_id', '=', run.workspaceId)),
    },
    {
      name: 'activate',
      run: ({ tx, run }) => setStatus(tx, run.workspaceId, 'active'),
      undo: 'none',
      why: 'It is the last step: nothing after it can fail.',
    },
  ],
  {
    onRetry: (tx, run) => setStatus(tx, run.workspaceId, 'provisioning'),
    onCancelled: (tx, run) => setStatus(tx, run.workspaceId, 'deleted'),
  },
)

export function setStatus(tx: Tx, workspaceId: string, status: 'provisioning' | 'active' | 'failed' | 'deleted') {
  return tx.run(build.updateTable('hub.workspace').set({ status }).where('id', '=', workspaceId))
}

/** What there is of a workspace, without ids and times. */
export async function describeWorkspace(tx: Tx, workspaceId: string, folder: string) {
  const workspace = await tx.first(build.selectFrom('hub.workspace').select('status').where('id', '=', workspaceId))
  const environments = await tx.rows(build.selectFrom('hub.environment').select('slug').orderBy('slug'))
  const limits = await tx.rows(build.selectFrom('hub.workspace_limit').select(['name', 'allowed']))
  const files = await readdir(folder).catch(() => [])
  return {
    status: workspace?.status,
    environments: environments.map((environment) => environment.slug),
    limits,
    planes: files.filter((file) => file.startsWith(workspaceId)).map((file) => file.replace(workspaceId, 'workspace')),
  }
}
