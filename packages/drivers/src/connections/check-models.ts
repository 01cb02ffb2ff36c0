import type { Egress } from '../egress/create-egress.ts'
import { askHttp, behind, memberOf, readJson, refusedSecret } from './ask-http.ts'
import type { Outcome } from './outcome.ts'

type WithKey = { baseUrl: string; apiKey: string }

const listsModels = (json: unknown) => Array.isArray(memberOf(json, 'data'))

export function checkAnthropic(egress: Egress, { baseUrl, apiKey }: WithKey): Promise<Outcome> {
  return askHttp(egress, {
    service: 'Anthropic',
    secret: 'API key',
    url: behind(baseUrl, '/v1/models?limit=1'),
    headers: { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' },
    isAnswer: listsModels,
  })
}

type OpenAi = { baseUrl: string; apiKey: string | undefined; organization?: string | undefined; project?: string | undefined }

/** OpenAI itself, and what speaks its protocol, which may ask for no key. */
export function checkOpenAi(egress: Egress, { baseUrl, apiKey, organization, project }: OpenAi, service = 'OpenAI'): Promise<Outcome> {
  return askHttp(egress, {
    service,
    secret: 'API key',
    url: behind(baseUrl, '/models'),
    headers: {
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...(organization !== undefined && { 'openai-organization': organization }),
      ...(project !== undefined && { 'openai-project': project }),
    },
    isAnswer: listsModels,
  })
}

export function checkGoogle(egress: Egress, { baseUrl, apiKey }: WithKey): Promise<Outcome> {
  return askHttp(egress, {
    service: 'Google',
    secret: 'API key',
    url: behind(baseUrl, '/v1beta/models?pageSize=1'),
    headers: { 'x-goog-api-key': apiKey },
    isAnswer: (json) => Array.isArray(memberOf(json, 'models')),
    // A wrong key is 400 there, told apart from other faults by the reason alone.
    judge: (fetched) =>
      fetched.status === 400 && JSON.stringify(readJson(fetched) ?? null).includes('"API_KEY_INVALID"')
        ? refusedSecret('Google', 'API key')
        : undefined,
  })
}
