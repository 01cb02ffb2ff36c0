// Whether the time of a refusal tells how near a guessed key was: Welch's t between two kinds of wrong keys.
//   node bench/credential-timing.ts [--samples 20000]
// A near miss has the id of a real key and another secret with a right checksum; a miss names a key that does not exist.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { crc32 } from 'node:zlib'
import { mintToken } from '@freehold/kit'
import { call, createWorkspace, startServers } from './support/servers.ts'

const { values: flags } = parseArgs({ options: { samples: { type: 'string', default: '20000' } } })
const samples = Number(flags.samples)
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const servers = await startServers(1)
try {
  const [url] = servers.urls
  const workspaceId = await createWorkspace(servers)
  const { key } = await call(url!, servers.operatorToken, 201, 'POST', `/v1/workspaces/${workspaceId}/api-keys`, {
    name: 'real',
    role: 'view',
  })
  const times = { near: [] as number[], miss: [] as number[] }
  for (let turn = -500; turn < samples; turn++) {
    const kinds = turn % 2 === 0 ? (['near', 'miss'] as const) : (['miss', 'near'] as const)
    for (const kind of kinds) {
      const token = kind === 'near' ? nearMiss(String(key)) : mintToken('fhk').plaintext
      const started = process.hrtime.bigint()
      const answer = await fetch(`${url!}/v1/workspaces/${workspaceId}`, { headers: { authorization: `Bearer ${token}` } })
      await answer.arrayBuffer()
      const micros = Number(process.hrtime.bigint() - started) / 1000
      if (answer.status !== 401) throw new Error(`a wrong key was answered ${answer.status}`)
      if (turn >= 0) times[kind].push(micros)
    }
  }
  const t = welch(trim(times.near), trim(times.miss))
  console.log(
    `near miss ${mean(times.near).toFixed(0)} µs, miss ${mean(times.miss).toFixed(0)} µs, ${samples} each: Welch t ${t.toFixed(2)} (below 4.5 tells nothing)`,
  )
  process.exitCode = Math.abs(t) < 4.5 ? 0 : 1
} finally {
  await servers.stop()
}

/** The real key with one character of its secret changed, and the checksum made right again. */
function nearMiss(key: string): string {
  const body = Array.from(key.slice(0, -6))
  const at = body.length - 1 - randomInt(40)
  body[at] = alphabet[(alphabet.indexOf(body[at]!) + 1 + randomInt(60)) % 62]!
  const text = body.join('')
  let value = crc32(text)
  let digits = ''
  for (let index = 0; index < 6; index++) {
    digits = alphabet[value % 62]! + digits
    value = Math.floor(value / 62)
  }
  return text + digits
}

/** Without the slowest hundredth: pauses of the machine, which fall on both. */
function trim(values: number[]): number[] {
  return values.toSorted((left, right) => left - right).slice(0, Math.floor(values.length * 0.99))
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function welch(left: number[], right: number[]): number {
  return (mean(left) - mean(right)) / Math.sqrt(variance(left) / left.length + variance(right) / right.length)
}

function variance(values: number[]): number {
  const center = mean(values)
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1)
}
