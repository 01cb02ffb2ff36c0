import { describeEvent } from '../audit-line.ts'
import { command, text } from '../framework/command.ts'
import { workspaceOption } from '../resources.ts'

export const auditWatch = command({
  path: ['audit', 'watch'],
  summary: 'Follow what happens, in a workspace or in all that you may read, until Ctrl-C.',
  description: 'With --json, JSON Lines. A lost connection is opened again; only the feed of a workspace resumes without a gap.',
  args: { workspace: workspaceOption },
  flags: { after: text('SEQ', 'Begin behind this event of the workspace') },

  async run({ args, flags, sdk, out, signal }) {
    const { workspace } = args
    let lost = false
    const onConnection = (state: 'open' | 'lost') => {
      if (state === 'lost') out.note('The connection was lost; trying again.')
      else if (lost)
        out.note(workspace === undefined ? 'Connected again; what happened meanwhile is in freehold audit list.' : 'Connected again.')
      lost = state === 'lost'
    }
    const options = { signal, onConnection, lastEventId: flags.after }
    const events = workspace === undefined ? sdk.streamEvents({}, options) : sdk.streamWorkspaceAudit({ workspace_id: workspace }, options)
    for await (const event of events) if (event.event === 'audit') out.line(describeEvent(event.data), event.data)
  },
})
