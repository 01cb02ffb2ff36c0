import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const portal = join(root, 'apps/portal')

export type Portal = { url: string; setupLink: string; stop: () => Promise<void> }

/** The real server on a free port with an empty data directory of its own, serving the built portal; with `settings` in its environment. */
export async function startPortal(settings: Record<string, string> = {}): Promise<Portal> {
  buildOnce()
  const data = await mkdtemp(join(tmpdir(), 'freehold-portal-'))
  const { DATABASE_URL: _, ...env } = process.env
  const server = spawn(process.execPath, ['apps/server/src/main.ts', '--port', '0', '--data', data], {
    cwd: root,
    env: { ...env, ...settings, INIT_CWD: root },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const stop = async () => {
    server.kill('SIGTERM')
    await exited
    await rm(data, { recursive: true, force: true })
  }
  try {
    const [url, setupLink] = await readStart(server)
    return { url, setupLink, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function readStart(server: ReturnType<typeof spawn>): Promise<[url: string, setupLink: string]> {
  return new Promise((resolve, reject) => {
    let output = ''
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const url = /running at (http\S+)/.exec(output)?.[1]
      const setupLink = /(http\S+\/setup#token=\S+)/.exec(output)?.[1]
      if (url && setupLink) resolve([url, setupLink])
    }
    server.stdout?.on('data', read)
    server.stderr?.on('data', read)
    server.once('exit', (code) => reject(new Error(`The server stopped with ${code}:\n${output}`)))
  })
}

function buildOnce() {
  if (existsSync(join(portal, 'dist/index.html'))) return
  execFileSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build'], { cwd: portal, stdio: 'pipe' })
}
