import type { InputOf, RequestContext } from '@freehold/authz/request'
import { AppError, type CredentialChange, type CredentialTypeName, credentialTypeOf } from '@freehold/contract'
import { snapshotOf, toCredential } from './credential-answer.ts'
import type { CredentialDeps } from './deps.ts'
import { refuseChangeOutside } from './environment-limits.ts'
import { existing } from './find-credential.ts'
import { mask } from './mask.ts'
import { clearDefault, type CredentialRow, findCredential, lockCredential, lockType, updateCredential as updateRow } from './queries.ts'
import { changeFields, movesAway, readSecrets, requiredSecrets } from './read-fields.ts'
import { refuseTakenName } from './refuse-taken-name.ts'
import { storeValues } from './sealed-values.ts'
import { deleteValues } from './value-queries.ts'

/** Changes a credential. Secrets do not follow it to another address: they are cleared, unless they are sent anew. */
export async function updateCredential(ctx: RequestContext, deps: CredentialDeps, { params, body }: InputOf<'updateCredential'>) {
  const workspace = ctx.granted('workspace', 'manage_secrets')
  const now = ctx.clock.now()
  const row = await ctx.mutate('credential.update', workspace, async (tx) => {
    const found = existing(await findCredential(tx, workspace.id, params.credential_id))
    // The type's before its own: two that become the default must not hold one row each and wait for the other's.
    if (body.is_default === true) await lockType(tx, workspace.id, found.type)
    const before = existing(await lockCredential(tx, workspace.id, found.id))
    refuseChangeOutside(ctx.principal, before.environment)
    if (typeof body.environment === 'string') await deps.environments.require(tx, workspace.id, body.environment)

    const { fields, secrets, removed, masks, needsSecret } = decide(before, body)
    if (body.is_default === true && !before.is_default) await clearDefault(tx, workspace.id, before.type)
    const place = { workspaceId: workspace.id, id: before.id }
    const after = await refuseTakenName(
      updateRow(
        tx,
        place,
        {
          name: body.name ?? before.name,
          environment: body.environment === undefined ? before.environment : body.environment,
          fields,
          masks,
          needsSecret,
          isDefault: body.is_default ?? before.is_default,
          version: before.version + 1,
        },
        now,
      ),
    )
    if (removed.length > 0) await deleteValues(tx, place, removed)
    await storeValues(tx, deps, { ...place, version: after.version, secrets, now })
    return {
      resource: { kind: 'credential', id: after.id, label: after.name },
      before: snapshotOf(before),
      after: { ...snapshotOf(after), secrets_replaced: Object.keys(secrets).toSorted(), secrets_cleared: removed },
      result: after,
    }
  })
  return toCredential(row)
}

/** What the fields and the secrets are after a change. */
function decide(before: CredentialRow, { fields: fieldChange, secrets: secretChange }: CredentialChange) {
  const type = credentialTypeOf(before.type as CredentialTypeName)
  const fields = changeFields(type, before.fields, fieldChange)
  const { brought, removed } = readSecrets(type, secretChange)
  refuseMasks(before, brought)

  const held = Object.keys(before.masks)
  const isMoved = movesAway(type, before.fields, fields)
  const cleared = isMoved ? held.filter((name) => !(name in brought)) : removed.filter((name) => held.includes(name))
  const kept = Object.entries(before.masks).filter(([name]) => !cleared.includes(name))
  const masks = { ...Object.fromEntries(kept), ...Object.fromEntries(Object.entries(brought).map(([name, value]) => [name, mask(value)])) }
  const lacksRequired = requiredSecrets(type).some((name) => masks[name] === undefined)
  // An optional secret that went with the address is asked for until it is sent, or given up by null.
  const isOwed = isMoved ? cleared.some((name) => !removed.includes(name)) : before.needs_secret && secretChange === undefined
  return { fields, secrets: brought, removed: cleared.toSorted(), masks, needsSecret: lacksRequired || isOwed }
}

/** Whoever sends back what they were shown would replace the secret by its mask. */
function refuseMasks({ masks }: CredentialRow, secrets: Record<string, string>): void {
  const shown = Object.keys(secrets).find((name) => secrets[name] === masks[name])
  if (shown === undefined) return
  throw new AppError('invalid_request', 'A masked secret was sent back. Leave it out to keep the one that is stored.', {
    errors: [{ pointer: `/body/secrets/${shown}`, message: 'is the mask and not the secret' }],
  })
}
