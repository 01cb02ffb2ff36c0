import type { Egress } from '../egress/create-egress.ts'
import type { Fetched } from '../egress/fetch.ts'
import { describeFailure } from './describe-failure.ts'
import { bad, good, type Outcome } from './outcome.ts'

const timeoutMs = 8000

export type Question = {
  /** As people call the other side. */
  service: string
  /** What the secret is called there. */
  secret: 'token' | 'API key' | 'password' | 'access key'
  url: string
  method?: 'GET' | 'POST'
  headers: Record<string, string>
  /** What the service says that anything else answering there would not. */
  isAnswer?: (json: unknown, fetched: Fetched) => boolean
  /** Where the service says it in a way of its own. */
  judge?: (fetched: Fetched) => Outcome | undefined
}

/** Asks what only a valid secret is answered. */
export async function askHttp(egress: Egress, question: Question): Promise<Outcome> {
  const { url, method = 'GET', headers } = question
  const where = new URL(url).host
  try {
    const fetched = await egress.fetch(url, {
      method,
      headers: { 'user-agent': 'Freehold', accept: 'application/json', ...headers },
      timeoutMs,
    })
    return question.judge?.(fetched) ?? judgeStatus(fetched, question)
  } catch (error) {
    return describeFailure(error, where)
  }
}

/** A path behind a base URL, which may end in a slash or not. */
export function behind(baseUrl: string, path: string): string {
  return baseUrl.replace(/\/+$/, '') + path
}

/** A body as JSON; undefined for what is none. */
export function readJson({ body }: Fetched): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** A member of an object, undefined where there is none. */
export function memberOf(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>)[name] : undefined
}

export function isRateLimited({ status, headers }: Fetched): boolean {
  return status === 429 || (status === 403 && (headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined))
}

function judgeStatus(fetched: Fetched, { service, secret, url, isAnswer = () => true }: Question): Outcome {
  const { status } = fetched
  if (isRateLimited(fetched))
    return bad(`${service} takes no more requests for now, so the ${secret} was not tried.`, 'Check again in a few minutes.')
  if (status === 401) return refusedSecret(service, secret)
  if (status === 403) return bad(`${service} forbids this with the ${secret}.`, `Give the ${secret} the permissions that it needs there.`)
  if (status === 404) return bad(`${service} has nothing at the address that was asked.`, 'Check the base URL and its path.')
  if (status >= 300 && status < 400)
    return bad(`${service} sends elsewhere, and redirects are not followed.`, 'Put in the address that it sends to.')
  if (status >= 500) return bad(`${service} has a fault of its own: it answered ${status}.`, 'Check again later.')
  if (status >= 400) return bad(`${service} did not understand the question: it answered ${status}.`, 'Check the base URL.')
  if (!isAnswer(readJson(fetched), fetched)) return bad(`Something answers there, but not as ${service} does.`, 'Check the base URL.')
  return good(
    `${service} accepted the ${secret}.`,
    url.startsWith('http:') ? `The ${secret} crosses the network in the clear: use https.` : null,
  )
}

export function refusedSecret(service: string, secret: string): Outcome {
  return bad(`${service} refused the ${secret}.`, `It is wrong, expired or revoked: put in a new one.`)
}
