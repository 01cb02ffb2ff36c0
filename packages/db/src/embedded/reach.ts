import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ServerUser } from './unprivileged-user.ts'

/**
 * The first directory on the way to `target`, itself included, that the server's user may not enter; undefined when
 * it reaches it. Judged by mode bits: the server drops every supplementary group, and an access list that
 * grants more only sends us to a place that works as well.
 */
export function findBarrier(target: string, user: ServerUser): string | undefined {
  if (user.credentials.uid === undefined) return undefined
  const { root } = path.parse(target)
  let current = root
  for (const part of ['', ...realpathSync(target).slice(root.length).split(path.sep)]) {
    current = path.join(current, part)
    const stat = statSync(current)
    const shift = stat.uid === user.uid ? 6 : stat.gid === user.gid ? 3 : 0
    const needed = stat.isDirectory() ? 1 : 4
    if (((stat.mode >> shift) & needed) === 0) return current
  }
  return undefined
}
