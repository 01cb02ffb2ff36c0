import { newId } from '@freehold/kit'
import type { Actor, TestWorkspace } from './actors.ts'
import type { TestServer } from './test-server.ts'

/** An account with a workspace and all that hangs on it. `canary` is in every name: nobody else may ever be sent it. */
export type Tenant = {
  canary: string
  accountId: string
  workspace: TestWorkspace
  owner: Actor
  keys: { admin: Actor; edit: Actor; view: Actor }
}

export async function createTenant(server: TestServer): Promise<Tenant> {
  const canary = `canary${newId().slice(-12)}`
  const account = await server.account(`Account ${canary}`)
  const workspace = await server.workspace(account, `Workspace ${canary}`)
  const key = (role: 'admin' | 'edit' | 'view') => server.apiKey(workspace, role, `key ${role} ${canary}`)
  return {
    canary,
    accountId: account.id,
    workspace,
    owner: account.owner,
    keys: { admin: await key('admin'), edit: await key('edit'), view: await key('view') },
  }
}
