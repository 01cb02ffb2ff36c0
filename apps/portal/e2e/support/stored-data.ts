import type { APIRequestContext } from 'playwright-core'

/** Secrets and credentials of a workspace in every state that their pages show; `workspace` is its address in the API. */
export async function fillData(request: APIRequestContext, workspace: string): Promise<void> {
  const { origin } = new URL(workspace)
  const send = async (method: string, path: string, data: object) => {
    const answer = await request.fetch(workspace + path, { method, headers: { origin }, data })
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
  }
  const description = 'Where the orders are kept, with a description that is rather long, as descriptions are'
  await send('PUT', '/secrets/DATABASE_URL', { value: 'first', description, category: 'runner', rotate_every_days: 3 })
  await send('PUT', '/secrets/DATABASE_URL', { value: 'second', previous_valid_seconds: 86_400 })
  await send('PUT', '/secrets/DATABASE_URL?environment=dev', { value: 'own' })
  await send('PUT', '/secrets/A_KEY_WITH_A_RATHER_LONG_NAME_AS_SOME_PROGRAMS_WANT_IT_TO_BE', { value: 'x', rotate_every_days: 90 })
  const fields = { host: '127.0.0.1', port: 9, database: 'app', user: 'app' }
  await send('POST', '/credentials', { type: 'postgresql', name: 'Warehouse', fields, secrets: { password: 'secret' } })
  await send('POST', '/credentials', { type: 'openai', name: 'Models', environment: 'dev', secrets: { api_key: 'sk-0123456789abcdefgh' } })
}
