import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from './test-cluster.ts'
import { waitFor } from './wait-for.ts'

export type S3Server = {
  endpoint: string
  bucket: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
  /** Stops its process where it stands: connections are taken, nothing is answered. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

const credentials = { accessKeyId: 'freehold-test', secretAccessKey: 'freehold-test-secret' }

/** A real S3 server (versitygw) on loopback with an empty bucket, in a directory that goes with it. */
export async function startS3Server(): Promise<S3Server> {
  const program = findProgram()
  const folder = mkdtempSync(join(tmpdir(), 'freehold-test-s3-'))
  const bucket = 'objects'
  const [data, meta] = [join(folder, 'data'), join(folder, 'meta')]
  mkdirSync(join(data, bucket), { recursive: true })
  mkdirSync(meta)
  const port = await freePort()
  const region = 'us-east-1'
  // A side-car, since not every file system under a temporary directory has extended attributes.
  const args = ['--port', `127.0.0.1:${port}`, '--region', region, '--keep-alive', '--quiet', 'posix', '--sidecar', meta, data]
  const env = { PATH: process.env['PATH'], ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey }
  const server = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env })
  let said = ''
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)))
  await waitFor(async () => server.exitCode !== null || (await answers(port)), Boolean)
  if (server.exitCode !== null) throw new Error(`versitygw ended at its start: ${said}`)
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    region,
    credentials,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async stop() {
      await end(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGKILL')
  await once(server, 'exit')
}

function findProgram(): string {
  const named = process.env['VERSITYGW_PATH']
  const folders = [
    join(import.meta.dirname, '../../../.cache/bin'),
    ...(process.env['PATH'] ?? '').split(delimiter),
    join(homedir(), 'go/bin'),
  ]
  const found = [...(named ? [named] : []), ...folders.map((folder) => join(folder, 'versitygw'))].find(isExecutable)
  if (found !== undefined) return found
  throw new Error(
    'These tests need versitygw, an S3 server. Install it with `GOBIN=$PWD/.cache/bin go install github.com/versity/versitygw/cmd/versitygw@v1.8.0` in the root of the clone, or name it in VERSITYGW_PATH.',
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
