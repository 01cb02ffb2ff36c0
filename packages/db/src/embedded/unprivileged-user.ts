import { readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { StartupError } from '../startup-error.ts'

/** Whom PostgreSQL runs as. `credentials` is what spawn needs to become that user; empty when we are it already. */
export type ServerUser = { name: string; uid: number; gid: number; credentials: { uid?: number; gid?: number } }

/**
 * PostgreSQL refuses to run as root. As an ordinary user it is ourselves; as root it is the owner of the first of
 * `owned` that exists and is not root's, else `postgres`, else `nobody`, else the first user of the machine but root.
 */
export function chooseServerUser(owned: string[]): ServerUser {
  const uid = process.getuid?.() ?? 0
  if (uid !== 0) return currentUser(uid)

  const users = readUsers()
  for (const path of owned) {
    const owner = statSync(path, { throwIfNoEntry: false })?.uid
    const user = users.find((candidate) => candidate.uid === owner)
    if (user) return user
  }
  const user = users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === 'nobody') ?? users[0]
  if (!user) {
    throw new StartupError(
      'PostgreSQL does not run as root and this machine has no other user: add one (useradd --system postgres) or set DATABASE_URL.',
    )
  }
  return user
}

function currentUser(uid: number): ServerUser {
  try {
    return { name: userInfo().username, uid, gid: process.getgid?.() ?? uid, credentials: {} }
  } catch {
    throw new StartupError(
      `User id ${uid} has no entry in /etc/passwd, which PostgreSQL needs: run as a user that has one, add one, or set DATABASE_URL.`,
    )
  }
}

function readUsers(): ServerUser[] {
  const users: ServerUser[] = []
  for (const line of readPasswd().split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (!name || !/^[1-9]\d*$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) continue
    const ids = { uid: Number(uid), gid: Number(gid) }
    users.push({ name, ...ids, credentials: ids })
  }
  return users
}

function readPasswd() {
  try {
    return readFileSync('/etc/passwd', 'utf8')
  } catch {
    return ''
  }
}
