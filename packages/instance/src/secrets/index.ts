import type { Handlers } from '@freehold/authz/request'
import type { InstanceDeps } from '../deps.ts'

type Verbs = Pick<
  Handlers,
  | 'listSecrets'
  | 'getSecretMetadata'
  | 'revealSecret'
  | 'resolveSecrets'
  | 'putSecret'
  | 'deleteSecret'
  | 'listSecretVersions'
  | 'rollbackSecret'
  | 'importSecrets'
>

export function secretHandlers(_deps: InstanceDeps): Verbs {
  const toCome = () => Promise.reject(new Error('not built yet'))
  return {
    listSecrets: toCome,
    getSecretMetadata: toCome,
    revealSecret: toCome,
    resolveSecrets: toCome,
    putSecret: toCome,
    deleteSecret: toCome,
    listSecretVersions: toCome,
    rollbackSecret: toCome,
    importSecrets: toCome,
  }
}
