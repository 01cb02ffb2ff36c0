import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import type { TestWorkspace } from './actors.ts'
import { type Answer, expectStatus } from './request.ts'
import type { TestServer } from './test-server.ts'

type SigningKey = Parameters<SignJWT['sign']>[0]
export type Secret = { secret: string; previousExpiresAt: string | null }

/** The claims of a token that is good for an hour. */
export const hourFrom = (offsetSeconds = 0) => ({ exp: Math.floor(Date.now() / 1000) + 3600 + offsetSeconds })

/** What a customer's back end does for a workspace: keeps its key and secret, and signs tokens. */
export async function createSigner(server: TestServer, workspace: TestWorkspace) {
  const owner = server.as(workspace.owner)
  const path = `/org-workspaces/${workspace.id}`

  async function configure(change: Record<string, unknown>): Promise<void> {
    expectStatus(await owner('PATCH', path, change), 200)
  }
  async function rotate(options: { graceSeconds?: number; graceFrom?: 'now' | 'first_use' } = {}): Promise<Secret> {
    const answer = await owner('POST', `${path}/rotate-secret`, options)
    expectStatus(answer, 200)
    return answer.json as Secret
  }
  async function issue(wanted: Record<string, unknown> = {}): Promise<string> {
    const answer = await owner('POST', `${path}/access-token`, wanted)
    expectStatus(answer, 200)
    return answer.json['token'] as string
  }

  const detail = await owner('GET', path)
  expectStatus(detail, 200)
  const key = detail.json['key'] as string
  const { secret } = await rotate()
  const signer = {
    workspace,
    key,
    secret,
    configure,
    rotate,
    issue,
    /** A token with the workspace's key and an hour to live, unless the claims say otherwise. */
    sign(claims: JWTPayload = {}, by: { key?: SigningKey | string; header?: JWTHeaderParameters } = {}): Promise<string> {
      const { key: signingKey = signer.secret, header = { alg: 'HS256' } } = by
      const material = typeof signingKey === 'string' ? new TextEncoder().encode(signingKey) : signingKey
      return new SignJWT({ workspaceKey: key, ...hourFrom(), ...claims }).setProtectedHeader(header).sign(material)
    },
  }
  return signer
}

export type Signer = Awaited<ReturnType<typeof createSigner>>

/** What the server tells a token that it is. */
export function whoIs(server: TestServer, token: string): Promise<Answer> {
  return server.call('GET', '/v1/me', { token })
}
