import { onTestFinished } from 'vitest'
import type { Answer } from '../../support/request.ts'
import { waitFor } from '../../support/wait-for.ts'
import type { ServerProcess } from './server-process.ts'

type Row = Record<string, unknown> & { id: string }

export type Load = {
  /** Ids of what was answered as made. */
  acknowledged: string[]
  failures: string[]
  stop(): Promise<void>
}

/** Makes accounts, several at once, until stopped. A failure is noted; the next one is tried once the server answers again. */
export function startAccountLoad(server: () => ServerProcess, token: string, atOnce = 8): Load {
  const load = { acknowledged: [] as string[], failures: [] as string[] }
  let running = true
  onTestFinished(() => {
    running = false
  })
  async function work(): Promise<void> {
    while (running) {
      const made = await createAccount(server(), token).catch((error: unknown) => String(error))
      if (typeof made === 'object' && made.status === 201) load.acknowledged.push(made.json['id'] as string)
      else {
        load.failures.push(typeof made === 'object' ? `${made.status} ${made.text}` : made)
        await waitFor(
          async () =>
            running &&
            (
              await server()
                .call('GET', '/readyz')
                .catch(() => undefined)
            )?.status !== 200,
          (waiting) => !waiting,
        )
      }
    }
  }
  const workers = Array.from({ length: atOnce }, work)
  return {
    ...load,
    async stop() {
      running = false
      await Promise.all(workers)
    },
  }
}

export function createAccount(server: ServerProcess, token: string): Promise<Answer> {
  return server.call('POST', '/v1/accounts', { token, body: { name: 'Account under load' } })
}

/** Asks for a workspace; the id where that was acknowledged. */
export async function createWorkspace(server: ServerProcess, token: string, accountId: string): Promise<string | undefined> {
  const body = { account_id: accountId, name: 'Workspace under load', region: 'local' }
  const made = await server.call('POST', '/v1/workspaces', { token, body }).catch(() => undefined)
  return made?.status === 202 ? (made.json['workspace_id'] as string) : undefined
}

/** Every item of a list, over all of its pages. */
export async function listAll(server: ServerProcess, token: string, path: string): Promise<Row[]> {
  const rows: Row[] = []
  let next: string | undefined = `${path}${path.includes('?') ? '&' : '?'}limit=1000`
  while (next !== undefined) {
    const page: Answer = await server.call('GET', next, { token })
    if (page.status !== 200) throw new Error(`${next} answered ${page.status}: ${page.text}`)
    rows.push(...(page.list as Row[]))
    const link = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
    next = link === undefined ? undefined : link.replace(server.url, '')
  }
  return rows
}

/** What was acknowledged and is not there. */
export async function findLost(server: ServerProcess, token: string, { acknowledged }: Load): Promise<string[]> {
  const kept = new Set((await listAll(server, token, '/v1/accounts')).map(({ id }) => id))
  return acknowledged.filter((id) => !kept.has(id))
}

/** The workspaces that do not become active with exactly dev, staging and prod. */
export async function findUnfinished(server: ServerProcess, token: string): Promise<unknown[]> {
  await waitFor(
    () => listAll(server, token, '/v1/workspaces'),
    (workspaces) => workspaces.every(({ status }) => status === 'active'),
    40_000,
  )
  const unfinished: unknown[] = []
  for (const { id } of await listAll(server, token, '/v1/workspaces')) {
    const environments = (await listAll(server, token, `/v1/workspaces/${id}/environments`)).map(
      ({ slug, status }) => `${String(slug)} ${String(status)}`,
    )
    if (environments.join() !== 'dev active,staging active,prod active') unfinished.push({ id, environments })
  }
  return unfinished
}
