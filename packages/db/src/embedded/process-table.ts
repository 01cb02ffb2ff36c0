import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A live process of a PostgreSQL server: the postmaster or one of its children. */
export type ServerProcessEntry = { pid: number; parentPid: number }

/**
 * The live PostgreSQL processes that work in this cluster directory (a real path). Zombies do not count: they hold
 * nothing. Neither does whatever else is in that directory, a shell say: what is found here may be signalled.
 */
export function listServerProcesses(clusterDir: string): ServerProcessEntry[] {
  return process.platform === 'linux' ? listFromProc(clusterDir) : listFromPs(clusterDir)
}

function listFromProc(clusterDir: string) {
  const found: ServerProcessEntry[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      if (readlinkSync(`/proc/${name}/cwd`) !== clusterDir) continue
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      // The command is in parentheses and may hold any character: the fields begin behind the last one.
      const command = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
      const [state, parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (command === 'postgres' && state !== 'Z' && state !== 'X') found.push({ pid: Number(name), parentPid: Number(parentPid) })
    } catch {
      // Ended meanwhile, or another user's: a server of this cluster runs as its owner, whom we may inspect.
    }
  }
  return found
}

// Without /proc only the postmaster is seen. PostgreSQL itself then refuses to start beside children it left behind.
function listFromPs(clusterDir: string) {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid=,state=,command='], { encoding: 'utf8' })
  const found: ServerProcessEntry[] = []
  for (const line of (stdout ?? '').split('\n')) {
    const [, pid, parentPid, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (!command?.includes(`postgres -D ${clusterDir} `) || state?.startsWith('Z')) continue
    found.push({ pid: Number(pid), parentPid: Number(parentPid) })
  }
  return found
}
