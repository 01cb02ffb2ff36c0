import Type from 'typebox'
import { route } from '../route.ts'
import { ApiKey, ApiKeyWithSecret, NewApiKey } from '../schemas/api-key.ts'
import { Nothing, pageQuery, Strict, Uuid } from '../schemas/fields.ts'

const guard = { permission: 'manage_members', on: 'workspace', id: 'workspace_id' } as const

export const apiKeyRoutes = {
  listApiKeys: route({
    operationId: 'listApiKeys',
    summary: "List a workspace's API keys",
    tag: 'API keys',
    method: 'GET',
    path: '/v1/workspaces/:workspace_id/api-keys',
    plane: 'hub',
    guard,
    params: Strict({ workspace_id: Uuid }),
    query: Strict(pageQuery),
    response: Type.Array(ApiKey),
    status: 200,
    list: true,
  }),
  createApiKey: route({
    operationId: 'createApiKey',
    summary: 'Create an API key',
    description: 'The key is in this answer and nowhere else: only its hash is stored.',
    tag: 'API keys',
    method: 'POST',
    path: '/v1/workspaces/:workspace_id/api-keys',
    plane: 'hub',
    guard,
    params: Strict({ workspace_id: Uuid }),
    body: NewApiKey,
    response: ApiKeyWithSecret,
    status: 201,
    audit: 'api_key.create',
    whenFrozen: 'refuse',
  }),
  getApiKey: route({
    operationId: 'getApiKey',
    summary: 'Read an API key',
    tag: 'API keys',
    method: 'GET',
    path: '/v1/workspaces/:workspace_id/api-keys/:api_key_id',
    plane: 'hub',
    guard,
    params: Strict({ workspace_id: Uuid, api_key_id: Uuid }),
    response: ApiKey,
    status: 200,
  }),
  revokeApiKey: route({
    operationId: 'revokeApiKey',
    summary: 'Revoke an API key',
    description: 'At once: the next request with it is refused.',
    tag: 'API keys',
    method: 'DELETE',
    path: '/v1/workspaces/:workspace_id/api-keys/:api_key_id',
    plane: 'hub',
    guard,
    params: Strict({ workspace_id: Uuid, api_key_id: Uuid }),
    response: Nothing,
    status: 204,
    audit: 'api_key.revoke',
    whenFrozen: { allow: 'Access can always be taken away.' },
    etagOf: 'getApiKey',
  }),
}
