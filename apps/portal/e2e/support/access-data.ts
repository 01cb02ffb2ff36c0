import type { APIRequestContext, Browser, BrowserContext } from 'playwright-core'
import { openContext } from './browser.ts'

type Place = { url: string; workspaceId: string; accountId: string }
export type AccessData = {
  groupId: string
  /** Of a standing invitation of somebody who is not a user yet. */
  token: string
  /** Signed in as a person who may only view the workspace. */
  viewer: Awaited<ReturnType<BrowserContext['storageState']>>
}

/** People, groups, grants and invitations in every state that the pages about access show. */
export async function fillAccess(
  browser: Browser,
  operator: APIRequestContext,
  { url, workspaceId, accountId }: Place,
): Promise<AccessData> {
  const headers = { origin: url, 'content-type': 'application/json' }
  const [W, A] = [`/v1/workspaces/${workspaceId}`, `/v1/accounts/${accountId}`]
  const send = async (method: string, path: string, data?: object, as = operator) => {
    const response = await as.fetch(url + path, { method, headers, ...(data && { data }) })
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`)
    return (response.status() === 204 ? {} : await response.json()) as Record<string, string>
  }
  const join = async (where: string, email: string, name: string, role: string) => {
    const { token } = await send('POST', `${where}/invitations`, { email, role })
    const { context } = await openContext(browser)
    const { user_id: id = '' } = await send(
      'POST',
      '/v1/invitations/accept',
      { token, name, password: 'a long enough password' },
      context.request,
    )
    const state = await context.storageState()
    await context.close()
    return { id, state }
  }
  const long = await join(
    A,
    'somebody.with-a-rather-long-address@subsidiary.freehold.test',
    'Somebody With a Rather Long Display Name',
    'member',
  )
  await join(A, 'admin@freehold.test', 'Ada Admin', 'admin')
  const { state: viewer } = await join(W, 'vera@freehold.test', 'Vera Viewer', 'view')

  const { id: groupId = '' } = await send('POST', `${A}/groups`, {
    name: 'Engineering',
    description: 'Everybody who builds and runs things',
    claim_value: 'a-claim-value-of-an-identity-provider',
  })
  const { id: inner } = await send('POST', `${A}/groups`, { name: 'On call' })
  await send('PUT', `${A}/groups/${groupId}/members/${long.id}`)
  await send('PUT', `${A}/groups/${groupId}/groups/${inner}`)
  await send('POST', `${W}/grants`, { subject_type: 'group', subject: groupId, role: 'edit' })
  const expires_at = new Date(Date.now() + 3 * 86_400_000).toISOString()
  await send('POST', `${W}/grants`, { subject_type: 'user', subject: 'admin@freehold.test', role: 'admin', expires_at })

  const { token = '' } = await send('POST', `${W}/invitations`, { email: 'newcomer@freehold.test', role: 'edit' })
  const { id: revoked } = await send('POST', `${W}/invitations`, { email: 'revoked@freehold.test', role: 'view' })
  await send('DELETE', `${W}/invitations/${revoked}`)
  await send('POST', `${A}/invitations`, { email: 'later@freehold.test', role: 'billing' })
  return { groupId, token, viewer }
}
