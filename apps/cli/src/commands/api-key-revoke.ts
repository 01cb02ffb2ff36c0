import { isUuid } from '@freehold/kit'
import type { Client } from '@freehold/sdk'
import { command, required } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { workspaceArgument } from '../resources.ts'

export const apiKeyRevoke = command({
  path: ['api-key', 'revoke'],
  summary: 'Revoke an API key: the next request with it is refused.',
  mutates: true,
  args: { workspace: workspaceArgument, key: required('Id, name or prefix of the key') },

  async run({ args, sdk, out, dryRun }) {
    const id = await findKeyId(sdk, args.workspace, args.key)
    const answer: unknown = await sdk.revokeApiKey({ workspace_id: args.workspace, api_key_id: id })
    out.result(dryRun ? '' : `Revoked ${id}.`, answer ?? undefined)
  },
})

/** A key's id by id, name or prefix. */
export async function findKeyId(sdk: Client, workspaceId: string, word: string): Promise<string> {
  if (isUuid(word)) return word
  const found: string[] = []
  for await (const key of sdk.listApiKeys({ workspace_id: workspaceId, limit: 1000 })) {
    if (key.name === word || key.prefix === word) found.push(key.id)
  }
  const [id, second] = found
  if (id === undefined)
    throw new CommandFailure('notFound', `There is no API key "${word}" in this workspace.`, 'freehold api-key list WORKSPACE shows them.')
  if (second !== undefined)
    throw new CommandFailure('usage', `Several keys have the name "${word}".`, `Give one of the ids: ${found.join(', ')}.`)
  return id
}
