import type { InputOf, RequestContext } from '@freehold/authz/request'
import { credentialTypeOf } from '@freehold/contract'
import { newId } from '@freehold/kit'
import { snapshotOf, toCredential } from './credential-answer.ts'
import type { CredentialDeps } from './deps.ts'
import { mask } from './mask.ts'
import { clearDefault, countCredentials, hasOfType, insertCredential, lockType } from './queries.ts'
import { requiredSecrets, withDefaults } from './read-fields.ts'
import { refuseTakenName } from './refuse-taken-name.ts'
import { storeValues } from './sealed-values.ts'

/** Stores a credential; the first of its type is the default unless told. */
export async function createCredential(ctx: RequestContext, deps: CredentialDeps, { body }: InputOf<'createCredential'>) {
  const workspace = ctx.granted('workspace', 'manage_secrets')
  const type = credentialTypeOf(body.type)
  const secrets: Record<string, string> = { ...body.secrets }
  const now = ctx.clock.now()
  const row = await ctx.mutate('credential.create', workspace, async (tx) => {
    const environment = body.environment ?? null
    if (environment !== null) await deps.environments.require(tx, workspace.id, environment)
    await deps.limits.refuseOver(tx, workspace.id, 'credentials', () => countCredentials(tx, workspace.id))
    await lockType(tx, workspace.id, type.type)
    const isDefault = body.is_default ?? !(await hasOfType(tx, workspace.id, type.type))
    if (isDefault) await clearDefault(tx, workspace.id, type.type)
    const created = await refuseTakenName(
      insertCredential(tx, {
        workspaceId: workspace.id,
        id: newId(now.getTime()),
        type: type.type,
        name: body.name,
        environment,
        fields: withDefaults(type, body.fields),
        masks: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, mask(value)])),
        needsSecret: requiredSecrets(type).some((name) => secrets[name] === undefined),
        isDefault,
        version: 1,
        createdBy: ctx.principal.kind === 'user' ? ctx.principal.id : null,
        now,
      }),
    )
    await storeValues(tx, deps, { workspaceId: workspace.id, id: created.id, version: created.version, secrets, now })
    return { resource: { kind: 'credential', id: created.id, label: created.name }, after: snapshotOf(created), result: created }
  })
  return toCredential(row)
}
