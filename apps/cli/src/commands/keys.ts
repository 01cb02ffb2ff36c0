import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { command, required, wholeNumber } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'

/** Part of the server, and run as a program of its own: the command line has no way to the database or the root key. */
const program = fileURLToPath(new URL('../../../server/src/keys.ts', import.meta.url))

const forOperators =
  "For whoever runs the server, on the server's machine and in its environment: DATABASE_URL or FREEHOLD_DATA, and FREEHOLD_ROOT_KEY or FREEHOLD_KMS."
const online = 'Servers may run meanwhile. If it is interrupted, run it again: it goes on where it was.'
const flags = { batch: wholeNumber('ROWS', 200, 'Rows that one transaction takes') }

async function runProgram(args: string[], { signal, otherwise }: { signal: AbortSignal; otherwise: string }): Promise<void> {
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit', signal })
  child.on('error', () => undefined) // By the signal: what it means is said by whoever sent it.
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new CommandFailure('failed', otherwise)
}

export const keysStatus = command({
  path: ['keys', 'status'],
  summary: 'Tell the versions of the root key, and what is sealed under each.',
  description: forOperators,
  examples: ['freehold keys status'],
  offline: true,
  run: ({ signal }) => runProgram(['status'], { signal, otherwise: 'The installation is sealed, or could not be asked.' }),
})

export const keysRotateRoot = command({
  path: ['keys', 'rotate-root'],
  summary: 'Replace the root key, and seal under the new one whatever hangs on it.',
  description: `${forOperators}\n${online}`,
  examples: ['freehold keys rotate-root'],
  offline: true,
  flags,
  run: ({ flags: { batch }, signal }) =>
    runProgram(['rotate-root', '--batch', String(batch)], { signal, otherwise: 'The root key was not rotated to the end. Run it again.' }),
})

export const keysRotateWorkspace = command({
  path: ['keys', 'rotate-workspace'],
  summary: "Replace a workspace's data key, and seal its values under the new one.",
  description: `${forOperators}\n${online}`,
  examples: ['freehold keys rotate-workspace 019a3f5e-7c1b-7d20-8000-3b1f0a5c2e44'],
  offline: true,
  args: { workspace: required('Id of the workspace') },
  flags,
  run: ({ args, flags: { batch }, signal }) =>
    runProgram(['rotate-workspace', args.workspace, '--batch', String(batch)], {
      signal,
      otherwise: 'The data key was not rotated to the end. Run it again.',
    }),
})
