import { apiKeyRoles } from '@freehold/contract'
import { durationOrNever } from '../durations.ts'
import { choice, command, type Flag, required, text } from '../framework/command.ts'
import { shownTime } from '../framework/output.ts'
import { workspaceArgument } from '../resources.ts'

const words = (placeholder: string, description: string): Flag<string[] | undefined> => ({
  placeholder,
  description: `${description}; several joined by commas`,
  parse: (value) => (typeof value === 'string' ? value.split(',').map((word) => word.trim()) : undefined),
})

export const apiKeyCreate = command({
  path: ['api-key', 'create'],
  summary: 'Create an API key and print it once.',
  examples: [
    'KEY=$(freehold api-key create acme ci --role view --lifetime 30d)',
    'freehold api-key create acme reader --scopes sessions:read --allowed-ips 192.0.2.0/24',
  ],
  mutates: true,
  args: { workspace: workspaceArgument, name: required('Name, at most 64 characters') },
  flags: {
    role: choice(apiKeyRoles, 'edit unless told'),
    description: text('TEXT', 'At most 200 characters'),
    lifetime: durationOrNever('Such as 12h, 30d or 1y, or never; 90d unless told'),
    scopes: words('SCOPES', 'What it may do at most, such as sessions:read'),
    allowedIps: words('RANGES', 'Addresses that it may be used from'),
    allowedOrigins: words('ORIGINS', 'Origins of pages that it may be used from'),
    environments: words('SLUGS', 'Environments that it may be used for'),
  },

  async run({ args, flags, sdk, out, dryRun }) {
    const key = await sdk.createApiKey({
      workspace_id: args.workspace,
      name: args.name,
      role: flags.role,
      description: flags.description,
      lifetime_seconds: flags.lifetime,
      scopes: flags.scopes,
      allowed_ips: flags.allowedIps,
      allowed_origins: flags.allowedOrigins,
      environments: flags.environments,
    })
    out.result(key.key, key)
    if (!dryRun)
      out.note(
        `Created ${key.id}, which expires ${shownTime(key.expires_at) ?? 'never'}. The key is not stored and will not be shown again.`,
      )
  },
})
