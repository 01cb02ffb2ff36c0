import type { Actor, TestWorkspace } from './actors.ts'
import { type Answer, expectStatus } from './request.ts'
import type { TestServer } from './test-server.ts'

type Key = Actor & { json: Record<string, unknown> }

/** Calls about the API keys of a workspace, as its owner unless told. */
export function createKeyCalls(server: TestServer, workspace: TestWorkspace) {
  const path = `/v1/workspaces/${workspace.id}/api-keys`
  const create = (body: object, by: Actor = workspace.owner) => server.as(by)('POST', path, { name: 'ci', ...body })

  /** A new key that must be made. */
  async function key(body: object = {}, by?: Actor): Promise<Key> {
    const made = await create(body, by)
    expectStatus(made, 201)
    return keyOf(made)
  }

  return {
    path,
    create,
    key,
    rotate: (id: string, body: object = {}, by: Actor = workspace.owner) => server.as(by)('POST', `${path}/${id}/rotate`, body),
    read: (id: string) => server.as(workspace.owner)('GET', `${path}/${id}`),
    revoke: (id: string) => server.as(workspace.owner)('DELETE', `${path}/${id}`),
    /** The question that any live credential is answered. */
    me: (asked: Actor, headers: Record<string, string> = {}) => server.as(asked)('GET', '/v1/me', undefined, headers),
  }
}

/** The key that an answer showed. */
export function keyOf({ json }: Answer): Key {
  return { id: json['id'] as string, token: json['key'] as string, json }
}

/** Where the faults of a refused request are. */
export function pointersOf({ json }: Answer): string[] {
  return (json['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)
}
