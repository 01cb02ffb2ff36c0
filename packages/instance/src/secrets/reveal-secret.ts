import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { RevealedSecret } from '@freehold/contract'
import type { InstanceDeps } from '../deps.ts'
import { noSecret } from './list-secrets.ts'
import { createOpening } from './opening.ts'
import { readSecret } from './reading-queries.ts'
import { resourceOf } from './secret-answer.ts'

/** The value that an environment sees. The event of it, and who read, are stored before the value leaves. */
export async function revealSecret(
  ctx: RequestContext,
  { keys, environments }: InstanceDeps,
  { params, query }: InputOf<'revealSecret'>,
): Promise<RevealedSecret> {
  const workspace = ctx.granted('workspace', 'reveal')
  const now = ctx.clock.now()
  const { environment = '' } = query
  const wanted = { workspaceId: workspace.id, environment, key: params.key }
  return ctx.mutate('secret.reveal', workspace, async (tx) => {
    const [secret] = await Promise.all([
      readSecret(tx, wanted, { reader: ctx.principal, now }),
      environment !== '' && environments.require(tx, workspace.id, environment),
    ])
    if (!secret) throw noSecret({ ...wanted, environment: '' })
    const { current, previous, version } = secret
    const open = createOpening(tx, keys, workspace.id)
    const at = { ...wanted, environment: secret.environment }
    const [value, before] = await Promise.all([open(current, at, version), previous && open(previous, at, previous.version)])
    return {
      resource: resourceOf(secret),
      after: { version, ...(previous && { previous_version: previous.version }) },
      result: {
        key: secret.key,
        environment: secret.environment === '' ? null : secret.environment,
        category: secret.category,
        description: secret.description,
        version,
        managed: secret.managed,
        value: value.open(),
        previous: before && previous && { value: before.open(), version: previous.version, valid_until: previous.validUntil.toISOString() },
        updated_at: secret.updated_at.toISOString(),
        updated_by: secret.updated_by,
      },
    }
  })
}
