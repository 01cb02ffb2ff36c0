// A file up and down through the whole server against plain node:http writing to and reading from the same disk, side by side in one run.
//   BENCH_FILE_MIB=4096 node bench/files.ts [--rounds 3]
// Upload: the plain server hashes with SHA-256 and writes with fsync, as ours. Memory is the growth of the server's resident set.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { call, createWorkspace, startServers } from './support/servers.ts'

const mib = 1024 * 1024
const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } })
const sizeBytes = Number(process.env['BENCH_FILE_MIB'] ?? '256') * mib
const rounds = Number(flags.rounds)
const folder = mkdtempSync(join(tmpdir(), 'freehold-bench-files-'))
const servers = await startServers(1)
const plain = await startPlain()
try {
  await run()
} finally {
  plain.close()
  await servers.stop()
  rmSync(folder, { recursive: true })
}

async function run(): Promise<void> {
  const [url] = servers.urls as [string]
  const token = servers.operatorToken
  const workspace = `/v1/workspaces/${await createWorkspace(servers)}`

  const expected = createHash('sha256')
  for (const chunk of chunks()) expected.update(chunk)
  const sha256 = expected.digest('hex')
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream', 'content-length': String(sizeBytes) }
  const ratios = { up: [] as number[], down: [] as number[] }
  // Something small first, so that what is loaded once is not taken for growth.
  await transfer(
    `${url}${workspace}/files/content?name=warm`,
    { method: 'PUT', headers: { ...headers, 'content-length': '1' } },
    Buffer.alloc(1),
  )
  const before = residentMib()
  let most = before
  const watch = setInterval(() => (most = Math.max(most, residentMib())), 20)
  for (let round = 0; round < rounds; round++) {
    const ours = () =>
      timed(
        async () =>
          JSON.parse((await transfer(`${url}${workspace}/files/content?name=big`, { method: 'PUT', headers })).toString()) as Record<
            string,
            string
          >,
      )
    const theirs = () => timed(() => transfer(`${plain.url}/up`, { method: 'PUT', headers }))
    const [first, second] = round % 2 === 0 ? [await theirs(), await ours()] : [await ours(), await theirs()]
    const [base, own] = round % 2 === 0 ? [first, second] : [second, first]
    const file = own.result as Record<string, string>
    if (file['checksum_sha256'] !== sha256) throw new Error('what was stored is not what was sent')
    ratios.up.push(base.seconds / own.seconds)

    const download = () => timed(() => drain(`${url}${workspace}/files/${file['id']}/content`, { authorization: headers.authorization }))
    const downloadPlain = () => timed(() => drain(`${plain.url}/down`, {}))
    const [one, two] = round % 2 === 0 ? [await downloadPlain(), await download()] : [await download(), await downloadPlain()]
    const [baseDown, ownDown] = round % 2 === 0 ? [one, two] : [two, one]
    if (ownDown.result !== sizeBytes || baseDown.result !== sizeBytes) throw new Error('what came is not all')
    ratios.down.push(baseDown.seconds / ownDown.seconds)
    print(
      `round ${round + 1}: up ${rate(own.seconds)} (plain ${rate(base.seconds)}), down ${rate(ownDown.seconds)} (plain ${rate(baseDown.seconds)})`,
    )
    await call(url, token, 204, 'DELETE', `${workspace}/files/${file['id']}`)
  }
  clearInterval(watch)
  print(
    `${sizeBytes / mib} MiB, ${rounds} rounds, median ratios to plain node: upload ${median(ratios.up)}, download ${median(ratios.down)}`,
  )
  print(`resident memory: ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most: + ${(most - before).toFixed(0)} MiB`)
}

/** The body, which has no period of a power of two and costs nothing to make. */
function* chunks(): Generator<Buffer> {
  const block = Buffer.alloc(mib + 7)
  for (let index = 0; index < block.length; index++) block[index] = (index * 2654435761) >>> 24
  for (let at = 0; at < sizeBytes; at += mib) yield block.subarray(at % 7, (at % 7) + Math.min(mib, sizeBytes - at))
}

async function transfer(to: string, options: http.RequestOptions, body?: Buffer): Promise<Buffer> {
  const request = http.request(to, options)
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject))
  await pipeline(Readable.from(body ? [body] : chunks(), { objectMode: false }), request)
  const response = await answered
  const answer = Buffer.concat(await response.toArray())
  if (response.statusCode !== 200) throw new Error(`${to} answered ${response.statusCode}: ${answer.toString()}`)
  return answer
}

async function drain(from: string, headers: http.OutgoingHttpHeaders): Promise<number> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => http.get(from, { headers }, resolve).once('error', reject))
  let size = 0
  for await (const chunk of response) size += (chunk as Buffer).length
  return size
}

/** What anybody would write: hash, write, fsync; and a stream of 1 MiB at a time back. */
async function startPlain(): Promise<{ url: string; close(): void }> {
  const path = join(folder, 'plain')
  const server = http.createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-length': statSync(path).size })
      createReadStream(path, { highWaterMark: mib }).pipe(response)
      return
    }
    const hash = createHash('sha256')
    request.on('data', (chunk: Buffer) => hash.update(chunk))
    void pipeline(request, createWriteStream(path, { highWaterMark: mib }))
      .then(async () => {
        const handle = await open(path)
        await handle.sync()
        await handle.close()
        response.end(hash.digest('hex'))
      })
      .catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, close: () => server.close() }
}

/** Of the server process, which is the only one that we started of that kind. */
function residentMib(): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${servers.pids[0]}/status`, 'utf8'))!
  return Number(kib) / 1024
}

async function timed<R>(work: () => Promise<R>): Promise<{ seconds: number; result: R }> {
  const start = performance.now()
  const result = await work()
  return { seconds: (performance.now() - start) / 1000, result }
}

function median(values: number[]): string {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!.toFixed(2)
}

function rate(seconds: number): string {
  return `${(sizeBytes / mib / seconds).toFixed(0)} MiB/s`
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
