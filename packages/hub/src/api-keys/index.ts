import { exportOfList, type Handlers } from '@freehold/authz/request'
import { createApiKey } from './create-api-key.ts'
import { getApiKey, listApiKeys } from './list-api-keys.ts'
import { revokeApiKey } from './revoke-api-key.ts'
import { rotateApiKey } from './rotate-api-key.ts'

export { isAddressAllowed } from './addresses.ts'
export { createKeyNotices } from './key-notices.ts'
export { insertGraceStarts } from './notice-queries.ts'
export { countApiKeys } from './queries.ts'

export const apiKeyExport = exportOfList('listApiKeys', listApiKeys)
export const apiKeyHandlers = { listApiKeys, createApiKey, getApiKey, revokeApiKey, rotateApiKey } satisfies Partial<Handlers>
