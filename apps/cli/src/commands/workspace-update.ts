import { command, type Flag, text } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { workspaceArgument } from '../resources.ts'
import { showWorkspace } from '../workspace-record.ts'

const settings: Flag<Record<string, unknown> | undefined> = {
  placeholder: 'JSON',
  description: 'The whole settings, as a JSON object; replaces what was there',
  parse: (value) => {
    if (typeof value !== 'string') return undefined
    const parsed = parseJson(value)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
      throw new CommandFailure('usage', '--settings is no JSON object.')
    return parsed as Record<string, unknown>
  },
}

export const workspaceUpdate = command({
  path: ['workspace', 'update'],
  summary: "Change a workspace's name, description or settings.",
  mutates: true,
  args: { workspace: workspaceArgument },
  flags: { name: text('NAME', 'New name'), description: text('TEXT', 'New description'), settings },

  async run({ args, flags, sdk, out }) {
    if (Object.values(flags).every((value) => value === undefined)) {
      throw new CommandFailure('usage', 'Nothing to change.', 'Give --name, --description or --settings.')
    }
    showWorkspace(out, await sdk.updateWorkspace({ workspace_id: args.workspace, ...flags }))
  },
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
