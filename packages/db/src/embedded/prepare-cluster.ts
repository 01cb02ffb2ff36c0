import type { Binaries } from './binaries.ts'
import { checkVersion, createCluster, resetPasswords, setClusterAside } from './cluster.ts'
import { clearLeftovers } from './leftovers.ts'
import { hasCluster } from './placement.ts'
import type { Placement } from './placement.ts'
import { mintPasswords, readPasswords, readState, writePasswords } from './state.ts'
import type { Passwords } from './state.ts'

type PrepareOptions = { binaries: Binaries; durable: boolean; report: (line: string) => void }

/** Sees to it that there is a complete cluster with known passwords, whatever an interrupted start left. The lock is held. */
export async function prepareCluster(placement: Placement, options: PrepareOptions): Promise<Passwords> {
  const saved = readPasswords(placement.dataDir)
  if (!saved && isOfEarlierDirectory(placement)) {
    await clearLeftovers(placement.clusterDir, options.report)
    const aside = setClusterAside(placement.clusterDir)
    options.report(`${placement.dataDir} is new, but an earlier directory of that name had a database: it is kept in ${aside}`)
  }
  if (!hasCluster(placement.clusterDir)) return makeCluster(placement, saved ?? mintPasswords(), options)

  checkVersion(placement.clusterDir, options.binaries.majorVersion)
  // Here, before a port is chosen: an orphan still has the one that we want to keep.
  await clearLeftovers(placement.clusterDir, options.report)
  if (saved) return saved
  options.report('The passwords of the database are gone: setting new ones')
  const passwords = mintPasswords()
  await resetPasswords(placement, passwords, options)
  // Last: a kill before this line finds no file again, and sets them again.
  writePasswords(placement.dataDir, passwords)
  return passwords
}

async function makeCluster(placement: Placement, passwords: Passwords, options: PrepareOptions) {
  options.report(`Creating a PostgreSQL ${options.binaries.majorVersion} database in ${placement.clusterDir}`)
  // First: a cluster never exists without the passwords that open it.
  writePasswords(placement.dataDir, passwords)
  await createCluster(placement, passwords, options)
  return passwords
}

// Outside the data directory a cluster outlives it. One that this data directory never had belongs to a deleted predecessor.
function isOfEarlierDirectory({ dataDir, home, clusterDir }: Placement) {
  return home !== dataDir && readState(dataDir).cluster === undefined && hasCluster(clusterDir)
}
