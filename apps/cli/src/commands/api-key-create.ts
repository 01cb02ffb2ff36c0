import { apiKeyRoles } from '@freehold/contract'
import { choice, command, type Flag, required, text } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { shownTime } from '../framework/output.ts'
import { workspaceArgument } from '../resources.ts'

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 }

/** Seconds; null for a key that never expires. */
const lifetime: Flag<number | null | undefined> = {
  placeholder: 'TIME',
  description: 'Such as 12h, 30d or 1y, or never; 90d unless told',
  parse: (value) => {
    if (typeof value !== 'string') return undefined
    if (value === 'never') return null
    const [, count, unit = 's'] = /^(\d{1,9})([smhdy])?$/.exec(value) ?? []
    if (count === undefined) throw new CommandFailure('usage', `"${value}" is no lifetime.`, 'Such as 12h, 30d, 1y or never.')
    return Number(count) * (unitSeconds[unit] ?? 1)
  },
}

export const apiKeyCreate = command({
  path: ['api-key', 'create'],
  summary: 'Create an API key and print it once.',
  examples: ['KEY=$(freehold api-key create acme ci --role view --lifetime 30d)'],
  mutates: true,
  args: { workspace: workspaceArgument, name: required('Name, at most 64 characters') },
  flags: {
    role: choice(apiKeyRoles, 'edit unless told'),
    description: text('TEXT', 'At most 200 characters'),
    lifetime,
  },

  async run({ args, flags, sdk, out, dryRun }) {
    const key = await sdk.createApiKey({
      workspace_id: args.workspace,
      name: args.name,
      role: flags.role,
      description: flags.description,
      lifetime_seconds: flags.lifetime,
    })
    out.result(key.key, key)
    if (!dryRun)
      out.note(
        `Created ${key.id}, which expires ${shownTime(key.expires_at) ?? 'never'}. The key is not stored and will not be shown again.`,
      )
  },
})
