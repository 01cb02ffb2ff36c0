import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './test-cluster.ts'
import { waitFor } from './wait-for.ts'

const server = '/usr/sbin/mariadbd'

export type MariadbServer = { port: number; stop(): Promise<void> }
type MariadbOptions = { user: string; password: string; database: string; tls?: { cert: string; key: string } }

/** Whether Debian's MariaDB is on this machine. */
export const hasMariadb = () => existsSync(server)

/** A throw-away MariaDB on loopback with one database and one user, who signs in by password. */
export async function startMariadb({ user, password, database, tls }: MariadbOptions): Promise<MariadbServer> {
  const folder = mkdtempSync(join(tmpdir(), 'freehold-test-my-'))
  // It refuses to run as root.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined
  if (nobody) chownSync(folder, nobody.uid, nobody.gid)
  const port = await freePort()
  const files = ['--no-defaults', `--datadir=${join(folder, 'data')}`]
  const made = spawnSync('mariadb-install-db', [...files, '--auth-root-authentication-method=normal', '--skip-test-db'], {
    ...nobody,
    encoding: 'utf8',
    cwd: folder,
  })
  if (made.status !== 0) throw new Error(`mariadb-install-db failed: ${made.stderr}${made.stdout}`)
  const sql = `create database ${database}; create user '${user}'@'%' identified by '${password}'; grant all on ${database}.* to '${user}'@'%'; `
  const boot = spawnSync(server, [...files, '--bootstrap'], {
    ...nobody,
    encoding: 'utf8',
    cwd: folder,
    input: `use mysql;\nflush privileges;\n${sql.replaceAll('; ', ';\n')}`,
  })
  if (boot.status !== 0) throw new Error(`mariadbd --bootstrap failed: ${boot.stderr}`)
  const listening = [`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 'socket')}`, '--skip-name-resolve']
  const encrypted = tls ? [`--ssl-cert=${tls.cert}`, `--ssl-key=${tls.key}`] : []
  const process_ = spawn(server, [...files, ...listening, ...encrypted], { ...nobody, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  process_.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await waitFor(
    async () => {
      if (process_.exitCode !== null) throw new Error(`mariadbd ended: ${said}`)
      return said
    },
    (text) => text.includes('ready for connections'),
  )
  return {
    port,
    async stop() {
      const ended = new Promise((resolve) => process_.once('exit', resolve))
      process_.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
