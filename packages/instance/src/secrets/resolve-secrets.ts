import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, type ResolvedSecrets } from '@freehold/contract'
import type { SecretValue } from '@freehold/kit'
import type { InstanceDeps } from '../deps.ts'
import { createOpening } from './opening.ts'
import { readSecrets } from './reading-queries.ts'
import { resolveReferences } from './references.ts'

/** All values that an environment sees, with references resolved. One event names every key. */
export async function resolveSecrets(
  ctx: RequestContext,
  { keys, environments }: InstanceDeps,
  { query }: InputOf<'resolveSecrets'>,
): Promise<ResolvedSecrets> {
  const workspace = ctx.granted('workspace', 'reveal')
  const now = ctx.clock.now()
  const { environment = '' } = query
  return ctx.mutate('secret.resolve', workspace, async (tx) => {
    const [secrets] = await Promise.all([
      readSecrets(tx, { workspaceId: workspace.id, environment, reader: ctx.principal, now }),
      environment !== '' && environments.require(tx, workspace.id, environment),
    ])
    const open = createOpening(tx, keys, workspace.id)
    const raw = new Map<string, SecretValue>()
    const before = new Map<string, Before>()
    for (const { environment: own, key, version, current, previous } of secrets) {
      const at = { workspaceId: workspace.id, environment: own, key }
      raw.set(key, await open(current, at, version))
      if (previous) before.set(key, { value: await open(previous, at, previous.version), validUntil: previous.validUntil })
    }
    const resolved = resolveReferences(raw)
    return {
      resource: { kind: 'environment', id: environment || workspace.id, label: environment || 'shared' },
      after: { secrets: secrets.map(({ key }) => key) },
      result: {
        environment: environment || null,
        values: Object.fromEntries([...resolved].map(([key, value]) => [key, value.open()])),
        previous: Object.fromEntries([...before].flatMap(([key, old]) => previousOf(raw, key, old))),
      },
    }
  })
}

type Before = { value: SecretValue; validUntil: Date }

/** A value before, resolved beside the present values of the others. One that names what is gone is left out: it holds up nobody's start. */
function previousOf(raw: ReadonlyMap<string, SecretValue>, key: string, { value, validUntil }: Before) {
  try {
    const resolved = resolveReferences(new Map(raw).set(key, value), [key]).get(key)!
    return [[key, { value: resolved.open(), valid_until: validUntil.toISOString() }] as const]
  } catch (error) {
    if (error instanceof AppError) return []
    throw error
  }
}
