import type { Account, Actor, TestWorkspace } from './actors.ts'
import { type Answer, expectStatus, type RequestOptions } from './request.ts'
import type { TestServer } from './test-server.ts'

type Invited = { id: string; path: string; email: string; token: string }
type SignUp = { name: string; password: string }

export const signUp: SignUp = { name: 'Ada Lovelace', password: 'a password of her own' }
let count = 0

/** The lowest first. */
export function statusesOf(answers: Answer[]): number[] {
  return answers.map(({ status }) => status).toSorted((one, other) => one - other)
}

/** What tests of invitations do again and again, on a server without mail. */
export function createInviting(server: TestServer) {
  /** An e-mail that nobody has. */
  const newEmail = () => `invited-${++count}@example.test`
  const toWorkspace = ({ id }: TestWorkspace) => `/v1/workspaces/${id}/invitations`
  const toAccount = ({ id }: Account) => `/v1/accounts/${id}/invitations`

  async function invite(collection: string, inviter: Actor, body: { email?: string; role: string }): Promise<Invited> {
    const email = body.email ?? newEmail()
    const made = await server.as(inviter)('POST', collection, { ...body, email })
    expectStatus(made, 201)
    const { id, token } = made.json as { id: string; token: string }
    return { id, path: `${collection}/${id}`, email, token }
  }

  const accept = (token: string, options: { as?: Actor; body?: Partial<SignUp>; headers?: Record<string, string> } = {}) => {
    const request: RequestOptions = { body: { token, ...options.body }, ...(options.headers && { headers: options.headers }) }
    return server.call('POST', '/v1/invitations/accept', { ...request, ...(options.as && { token: options.as.token }) })
  }
  const preview = (token: string): Promise<Answer> => server.call('GET', `/v1/invitations/preview?token=${token}`)

  /** Lets an invitation end a second ago, a week after it was sent. */
  async function expire({ id }: Invited): Promise<void> {
    await server.superuser.query('begin')
    await server.superuser.query("select set_config('app.recorded_by', pg_current_xact_id()::text, true)")
    await server.superuser.query(
      "update hub.invitation set sent_at = now() - interval '7 days 1 second', expires_at = now() - interval '1 second' where id = $1",
      [id],
    )
    await server.superuser.query('commit')
  }

  /** The roles that somebody holds there in their own name, those that have ended too. */
  async function roleOf(workspaceId: string, userId: string): Promise<string[]> {
    const { rows } = await server.superuser.query<{ relation: string }>(
      "select relation from hub.relationship where resource_id = $1 and subject_id = $2 and subject_type = 'user' order by relation",
      [workspaceId, userId],
    )
    return rows.map(({ relation }) => relation)
  }

  /** Actions in a chain about one invitation, oldest first. */
  async function actionsOn({ id }: Invited): Promise<string[]> {
    const { rows } = await server.superuser.query<{ action: string }>(
      'select action from hub.audit_event where resource_id = $1 order by id',
      [id],
    )
    return rows.map(({ action }) => action)
  }

  return { newEmail, toWorkspace, toAccount, invite, accept, preview, expire, roleOf, actionsOn }
}
