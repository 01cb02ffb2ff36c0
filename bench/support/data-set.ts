import { migrate } from '@freehold/db'
import { mintToken } from '@freehold/kit'
import { installJobs } from '@freehold/workflow'
import { ensureAppRole } from '@freehold/db'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'

export type DataSet = {
  superuserUrl: string
  ownerUrl: string
  /** Of workspaces 0, 1, 2, … */ keys: string[]
  /** Personal tokens. */ people: string[]
}

const keyCount = 2000
const peopleCount = 1000

/** The id that read-data-set.sql gives to the nth object of a kind. */
export function idOf(kind: string, number: number): string {
  const hex = createHash('md5').update(`${kind}${number}`).digest('hex')
  const id = `${hex.slice(0, 12)}7${hex.slice(13, 16)}8${hex.slice(17)}`
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-')
}

/** Makes the database `bench` with everything of read-data-set.sql. */
export async function createDataSet(cluster: { superuserUrl: string; ownerUrl: string }): Promise<DataSet> {
  const ownerUrl = await createBenchDatabase(cluster)
  const superuserUrl = inBench(cluster.superuserUrl)
  await ensureAppRole(ownerUrl)
  await migrate(ownerUrl, installJobs)

  const keys = Array.from({ length: keyCount }, () => mintToken('fhk'))
  const people = Array.from({ length: peopleCount }, () => mintToken('fhp'))
  const hashes = (tokens: typeof keys) => `'${JSON.stringify(tokens.map(({ hash }, number) => ({ number, hash: hash.toString('hex') })))}'`
  const script = readFileSync(new URL('../read-data-set.sql', import.meta.url), 'utf8')
    .replace(':keys', hashes(keys))
    .replace(':people', hashes(people))
  const superuser = new pg.Client({ connectionString: superuserUrl })
  await superuser.connect()
  console.log('Making the data set …')
  await superuser.query(script)
  await superuser.query('vacuum analyze')
  await superuser.end()
  return { superuserUrl, ownerUrl, keys: keys.map(({ plaintext }) => plaintext), people: people.map(({ plaintext }) => plaintext) }
}

/** The empty database `bench`; answers its owner's URL. */
export async function createBenchDatabase({ ownerUrl }: { ownerUrl: string }): Promise<string> {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  await owner.query('create database bench')
  await owner.end()
  return inBench(ownerUrl)
}

/** The same server, but its database `bench`. */
export function inBench(url: string): string {
  const changed = new URL(url)
  changed.pathname = '/bench'
  return changed.href
}
