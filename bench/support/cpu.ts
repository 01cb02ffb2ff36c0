import { readdirSync, readFileSync } from 'node:fs'

const tickMicroseconds = 10_000

/** CPU time (µs) that a process has used, from /proc; 0 once it is gone. Linux only. */
export function processCpu(pid: number): number {
  try {
    const fields = afterName(readFileSync(`/proc/${pid}/stat`, 'latin1'))
    return (Number(fields[11]) + Number(fields[12])) * tickMicroseconds
  } catch {
    return 0
  }
}

/** CPU time (µs) of a process and its children, such as a postmaster and its back ends. */
export function familyCpu(parent: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent)
  return [parent, ...children].reduce((sum, pid) => sum + processCpu(pid), 0)
}

function parentOf(pid: number): number {
  try {
    return Number(afterName(readFileSync(`/proc/${pid}/stat`, 'latin1'))[1])
  } catch {
    return -1
  }
}

function afterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
