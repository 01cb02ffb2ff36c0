import type { InputOf, RequestContext } from '@freehold/authz/request'
import { explainAccess } from './explain-access.ts'
import type { ExplainDeps } from './deps.ts'

export type { ExplainDeps } from './deps.ts'

export function explainHandlers(deps: ExplainDeps) {
  return { explainAccess: (ctx: RequestContext, input: InputOf<'explainAccess'>) => explainAccess(ctx, deps, input) }
}
