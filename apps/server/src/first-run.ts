import { type Database, writePrivateFile } from '@freehold/db'
import { ensureFirstOperator, issueSetupLink } from '@freehold/hub'
import type { Clock } from '@freehold/kit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'

const tokenFileName = 'operator-token'

/** What the start prints: a setup token while the first operator is unclaimed, and where the operator's token lies. */
export type FirstRun = { setupToken: string | null; tokenFile: string | null; created: boolean }

/** On an empty installation makes the account, its first operator, the operator's token and the setup link. */
export async function firstRun({ config, database, clock }: { config: Config; database: Database; clock: Clock }): Promise<FirstRun> {
  const deps = { writes: database.writes, reads: database.reads, clock }
  const operator = await ensureFirstOperator({
    ...deps,
    keepToken: async (token) => writePrivateFile(join(config.dataDir, tokenFileName), `${token}\n`),
  })
  const path = join(config.dataDir, tokenFileName)
  const tokenFile = existsSync(path) ? path : null
  if (operator.created) return { setupToken: operator.setupToken, tokenFile, created: true }
  const link = operator.claimed ? null : await issueSetupLink(deps)
  return { setupToken: link?.token ?? null, tokenFile, created: false }
}
