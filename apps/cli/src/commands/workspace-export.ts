import { type ExportFormat, exportFormats } from '@freehold/contract'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { choice, command, text } from '../framework/command.ts'
import { CommandFailure } from '../framework/failure.ts'
import { workspaceArgument } from '../resources.ts'
import { writeWhole } from '../whole-file.ts'

const formatOfType: Record<string, ExportFormat> = { 'application/jsonl': 'jsonl', 'application/json': 'json', 'application/zip': 'csv' }
// More than any footer, or the end of an archive, is long.
const tailBytes = 64 * 1024
const progressBytes = 64 * 2 ** 20

export const workspaceExport = command({
  path: ['workspace', 'export'],
  summary: 'Export all of a workspace that you may read: never a secret value.',
  description:
    "JSON Lines, one JSON document, or a zip of CSV files (csv). Without --format it is the workspace's own setting, else JSON Lines.",
  examples: ['freehold workspace export acme --output acme.jsonl', 'freehold workspace export acme --format csv --output acme.zip'],
  args: { workspace: workspaceArgument },
  flags: {
    format: choice(exportFormats, 'Form of the export'),
    output: text('FILE', 'Write here, all or nothing, instead of standard output'),
  },

  async run({ args, flags, sdk, out, signal }) {
    const answer = await sdk.exportWorkspace({ workspace_id: args.workspace, format: flags.format }, { signal })
    const format = formatOfType[answer.headers.get('content-type')?.split(';')[0] ?? ''] ?? 'jsonl'
    const taken = { bytes: 0, tail: Buffer.alloc(0) }
    async function* watched() {
      for await (const chunk of answer.body!) {
        if (Math.floor((taken.bytes + chunk.length) / progressBytes) > Math.floor(taken.bytes / progressBytes))
          out.note(`${shownSize(taken.bytes + chunk.length)} …`)
        taken.bytes += chunk.length
        taken.tail = Buffer.concat([taken.tail, chunk]).subarray(-tailBytes)
        yield chunk
      }
      // Before the file takes its name: what is cut short must not look like the whole.
      if (!isWhole(format, taken.tail)) throw new CommandFailure('failed', 'The export is cut short.', 'Run the command again.')
    }
    if (flags.output === undefined) await pipeline(Readable.from(watched()), process.stdout, { signal, end: false })
    else await writeWhole(flags.output, Readable.from(watched()), signal)
    out.note(`Exported ${shownSize(taken.bytes)}.`)
  },
})

/** Whether the end of an export is there. */
function isWhole(format: ExportFormat, tail: Buffer): boolean {
  if (format === 'csv') return tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1')) >= 0
  const last = tail.toString('utf8').trimEnd().split('\n').at(-1)!
  return format === 'json' ? /^"rows":\{.*\}\}$/.test(last) : last.startsWith('{"resource":"footer",')
}

function shownSize(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
