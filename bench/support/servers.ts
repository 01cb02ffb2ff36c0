import { startCluster } from '@freehold/testing'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { createBenchDatabase, inBench } from './data-set.ts'

export type Servers = { urls: string[]; pids: number[]; superuserUrl: string; operatorToken: string; stop(): Promise<void> }

/** Several server processes on one database, in the production configuration. */
export async function startServers(count: number): Promise<Servers> {
  const folder = mkdtempSync(join(tmpdir(), 'freehold-bench-'))
  const postgres = await startCluster()
  const children: ChildProcess[] = []
  const stop = async () => {
    for (const child of children) if (child.exitCode === null && child.kill('SIGINT')) await once(child, 'exit')
    await postgres.stop()
    rmSync(folder, { recursive: true })
  }
  try {
    const databaseUrl = await createBenchDatabase(postgres)
    const urls: string[] = []
    for (let index = 0; index < count; index++) urls.push(await startServer(children, folder, databaseUrl))
    const superuserUrl = inBench(postgres.superuserUrl)
    const pids = children.map(({ pid }) => pid!)
    return { urls, pids, superuserUrl, operatorToken: readFileSync(join(folder, 'operator-token'), 'utf8').trim(), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startServer(children: ChildProcess[], folder: string, databaseUrl: string): Promise<string> {
  const child = spawn(process.execPath, ['apps/server/src/main.ts', '--port', '0', '--data', folder], {
    cwd: resolve(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: databaseUrl },
  })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /running at (http:\S+)/.exec(line)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('the server ended before it listened')
}

/** Calls the API and throws on anything but `status`. */
export async function call(
  url: string,
  token: string,
  expected: number,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (answer.status !== expected) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

/** An active workspace of the first account. */
export async function createWorkspace({ urls: [url], operatorToken }: Pick<Servers, 'urls' | 'operatorToken'>): Promise<string> {
  const accounts = (await call(url!, operatorToken, 200, 'GET', '/v1/accounts')) as unknown as { id: string }[]
  const body = { account_id: accounts[0]!.id, name: 'Bench', region: 'local' }
  const { workspace_id: id } = await call(url!, operatorToken, 202, 'POST', '/v1/workspaces', body)
  while ((await call(url!, operatorToken, 200, 'GET', `/v1/workspaces/${String(id)}`))['status'] !== 'active') {
    // Each turn is a request.
  }
  return String(id)
}
