import type { InputOf, RequestContext } from '@freehold/authz/request'
import { checkCredential } from './check-credential.ts'
import { createCredential } from './create-credential.ts'
import { deleteCredential } from './delete-credential.ts'
import type { CredentialDeps } from './deps.ts'
import { listCredentialTypes } from './list-credential-types.ts'
import { getCredential, listCredentials } from './list-credentials.ts'
import { updateCredential } from './update-credential.ts'

export { credentialResealer } from './credential-resealer.ts'
export { credentialExport } from './export-part.ts'
export { useCredential } from './use-credential.ts'

export function credentialHandlers(deps: CredentialDeps) {
  return {
    listCredentialTypes,
    listCredentials,
    getCredential,
    createCredential: (ctx: RequestContext, input: InputOf<'createCredential'>) => createCredential(ctx, deps, input),
    updateCredential: (ctx: RequestContext, input: InputOf<'updateCredential'>) => updateCredential(ctx, deps, input),
    deleteCredential,
    checkCredential: (ctx: RequestContext, input: InputOf<'checkCredential'>) => checkCredential(ctx, deps, input),
  }
}
