import { duration } from '../durations.ts'
import { command, required, toggle } from '../framework/command.ts'
import { shownTime } from '../framework/output.ts'
import { workspaceArgument } from '../resources.ts'
import { findKeyId } from './api-key-revoke.ts'

export const apiKeyRotate = command({
  path: ['api-key', 'rotate'],
  summary: 'Replace an API key by a new one and print it once.',
  description: 'The old key ends at once, or after a grace.',
  examples: ['KEY=$(freehold api-key rotate acme ci --grace 1h --from-first-use)'],
  mutates: true,
  args: { workspace: workspaceArgument, key: required('Id, name or prefix of the key') },
  flags: {
    grace: duration('How long the old key still works'),
    fromFirstUse: toggle("Begin the grace at the new key's first use instead of now"),
  },

  async run({ args, flags, sdk, out, dryRun }) {
    const key = await sdk.rotateApiKey({
      workspace_id: args.workspace,
      api_key_id: await findKeyId(sdk, args.workspace, args.key),
      grace_seconds: flags.grace,
      grace_from: flags.fromFirstUse ? 'first_use' : undefined,
    })
    out.result(key.key, key)
    if (!dryRun) out.note(`Created ${key.id}, which expires ${shownTime(key.expires_at) ?? 'never'}. It will not be shown again.`)
  },
})
