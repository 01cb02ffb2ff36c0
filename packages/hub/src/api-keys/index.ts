import type { Handlers } from '@freehold/authz/request'
import { notBuilt } from '../not-built.ts'
import { createApiKey } from './create-api-key.ts'
import { getApiKey, listApiKeys } from './list-api-keys.ts'
import { revokeApiKey } from './revoke-api-key.ts'

export const apiKeyHandlers = {
  listApiKeys,
  createApiKey,
  getApiKey,
  revokeApiKey,
  ...notBuilt('rotateApiKey'),
} satisfies Partial<Handlers>
