import type { RequestContext } from '@freehold/authz/request'
import type { VerbDeps } from './deps.ts'
import { INSTALLATION_ID } from './installation.ts'
import { findInstallation } from './installation-queries.ts'

export async function getSetup(ctx: RequestContext, deps: VerbDeps) {
  const installation = await ctx.reading({ proof: { installation_id: INSTALLATION_ID } }).first(findInstallation(INSTALLATION_ID))
  return { claimed: installation?.claimed_at != null, version: deps.version }
}
