import type { Egress } from '../egress/create-egress.ts'
import type { Fetched } from '../egress/fetch.ts'
import { askHttp, behind, memberOf, readJson, refusedSecret } from './ask-http.ts'
import { bad, type Outcome } from './outcome.ts'

type WithToken = { baseUrl: string; token: string }

const isText = (value: unknown) => typeof value === 'string'

export function checkGitHub(egress: Egress, { baseUrl, token }: WithToken): Promise<Outcome> {
  return askHttp(egress, {
    service: 'GitHub',
    secret: 'token',
    url: behind(baseUrl, '/user'),
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    isAnswer: (json) => isText(memberOf(json, 'login')),
  })
}

export function checkGitLab(egress: Egress, { baseUrl, token }: WithToken): Promise<Outcome> {
  return askHttp(egress, {
    service: 'GitLab',
    secret: 'token',
    url: behind(baseUrl, '/api/v4/user'),
    headers: { 'private-token': token },
    isAnswer: (json) => isText(memberOf(json, 'username')),
  })
}

/** Jira Cloud knows a token by its owner's e-mail address, Jira Data Center by itself. */
export function checkJira(egress: Egress, { baseUrl, email, token }: WithToken & { email: string | undefined }): Promise<Outcome> {
  return askHttp(egress, {
    service: 'Jira',
    secret: 'token',
    url: behind(baseUrl, '/rest/api/2/myself'),
    headers: { authorization: email === undefined ? `Bearer ${token}` : basic(email, token) },
    isAnswer: (json) => isText(memberOf(json, 'accountId')) || isText(memberOf(json, 'name')),
  })
}

export function checkSlack(egress: Egress, { baseUrl, token }: WithToken): Promise<Outcome> {
  return askHttp(egress, {
    service: 'Slack',
    secret: 'token',
    url: behind(baseUrl, '/api/auth.test'),
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    isAnswer: (json) => memberOf(json, 'ok') === true,
    judge: judgeSlack,
  })
}

const refusedBySlack = new Set(['invalid_auth', 'not_authed', 'token_expired', 'token_revoked', 'account_inactive'])

// Slack answers 200 to everything and says in the body how it went.
function judgeSlack(fetched: Fetched): Outcome | undefined {
  const json = fetched.status === 200 ? readJson(fetched) : undefined
  const error = memberOf(json, 'ok') === false ? memberOf(json, 'error') : undefined
  if (typeof error !== 'string') return undefined
  if (refusedBySlack.has(error)) return refusedSecret('Slack', 'token')
  if (error === 'ratelimited')
    return bad('Slack takes no more requests for now, so the token was not tried.', 'Check again in a few minutes.')
  return bad('Slack does not let this token in.', 'Look in Slack whether the app is still installed and allowed.')
}

type Basic = { baseUrl: string; path: string; username: string; password: string }

export function checkHttpBasic(egress: Egress, { baseUrl, path, username, password }: Basic): Promise<Outcome> {
  return askHttp(egress, {
    service: 'The server',
    secret: 'password',
    url: behind(baseUrl, path),
    headers: { authorization: basic(username, password) },
  })
}

export function checkHttpBearer(egress: Egress, { baseUrl, path, token }: WithToken & { path: string }): Promise<Outcome> {
  return askHttp(egress, {
    service: 'The server',
    secret: 'token',
    url: behind(baseUrl, path),
    headers: { authorization: `Bearer ${token}` },
  })
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
