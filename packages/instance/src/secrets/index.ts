import type { InputOf, RequestContext } from '@freehold/authz/request'
import type { InstanceDeps } from '../deps.ts'
import { deleteSecret } from './delete-secret.ts'
import { importSecrets } from './import-secrets.ts'
import { getSecretMetadata, listSecrets } from './list-secrets.ts'
import { putSecret } from './put-secret.ts'
import { resolveSecrets } from './resolve-secrets.ts'
import { revealSecret } from './reveal-secret.ts'
import { listSecretVersions, rollbackSecret } from './versions.ts'

export { secretResealer } from './secret-resealer.ts'
export { secretExport } from './export-part.ts'
export { putManagedSecret } from './managed.ts'
export { createRotationReminders, type RotationDue } from './rotation-reminders.ts'

export function secretHandlers(deps: InstanceDeps) {
  return {
    listSecrets: (ctx: RequestContext, input: InputOf<'listSecrets'>) => listSecrets(ctx, deps, input),
    getSecretMetadata,
    revealSecret: (ctx: RequestContext, input: InputOf<'revealSecret'>) => revealSecret(ctx, deps, input),
    resolveSecrets: (ctx: RequestContext, input: InputOf<'resolveSecrets'>) => resolveSecrets(ctx, deps, input),
    putSecret: (ctx: RequestContext, input: InputOf<'putSecret'>) => putSecret(ctx, deps, input),
    deleteSecret,
    listSecretVersions,
    rollbackSecret: (ctx: RequestContext, input: InputOf<'rollbackSecret'>) => rollbackSecret(ctx, deps, input),
    importSecrets: (ctx: RequestContext, input: InputOf<'importSecrets'>) => importSecrets(ctx, deps, input),
  }
}
