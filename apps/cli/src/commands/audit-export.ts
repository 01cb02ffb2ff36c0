import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { command, text } from '../framework/command.ts'
import { workspaceArgument } from '../resources.ts'
import { writeWhole } from '../whole-file.ts'

export const auditExport = command({
  path: ['audit', 'export'],
  summary: "Export a workspace's audit chain as JSON Lines, oldest first.",
  description: 'freehold audit verify FILE checks it, on any machine.',
  examples: ['freehold audit export acme --output acme.jsonl', 'freehold audit export acme | gzip > acme.jsonl.gz'],
  args: { workspace: workspaceArgument },
  flags: { output: text('FILE', 'Write here, all or nothing, instead of standard output') },

  async run({ args, flags, sdk, out, signal }) {
    let count = 0
    async function* lines() {
      for await (const event of sdk.exportWorkspaceAudit({ workspace_id: args.workspace })) {
        count++
        yield `${JSON.stringify(event)}\n`
      }
    }
    if (flags.output === undefined) await pipeline(Readable.from(lines()), process.stdout, { signal, end: false })
    else await writeWhole(flags.output, Readable.from(lines()), signal)
    out.note(`Exported ${count} event${count === 1 ? '' : 's'}.`)
  },
})
