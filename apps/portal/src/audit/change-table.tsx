import type { AuditEvent } from '@freehold/contract'

type Snapshot = AuditEvent['before']

/** What an event changed, field by field. */
export function ChangeTable({ before, after }: { before: Snapshot; after: Snapshot }) {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const changed = fields.filter((field) => show(before?.[field]) !== show(after?.[field]))
  if (changed.length === 0) return <p className="text-xs text-fg-3">No field was recorded as changed.</p>
  return (
    <div className="overflow-x-auto rounded-md ring-1 ring-line" tabIndex={0} role="region" aria-label="What changed">
      <table className="w-full min-w-80 text-start text-xs">
        <thead>
          <tr className="text-fg-3">
            <th scope="col" className="px-3 py-1.5 text-start font-normal">
              Field
            </th>
            <th scope="col" className="px-3 py-1.5 text-start font-normal">
              Before
            </th>
            <th scope="col" className="px-3 py-1.5 text-start font-normal">
              After
            </th>
          </tr>
        </thead>
        <tbody className="font-mono">
          {changed.map((field) => (
            <tr key={field} className="border-t border-line align-top">
              <th scope="row" className="px-3 py-1.5 text-start font-normal text-fg-2">
                {field}
              </th>
              <Value side="before" value={before?.[field]} />
              <Value side="after" value={after?.[field]} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Value({ side, value }: { side: 'before' | 'after'; value: unknown }) {
  const text = show(value)
  return (
    <td
      className={`px-3 py-1.5 break-all ${text === undefined ? 'text-fg-3' : side === 'before' ? 'bg-bad-soft text-bad' : 'bg-ok-soft text-ok'}`}
    >
      {text ?? '–'}
    </td>
  )
}

function show(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value || '""' : JSON.stringify(value)
}
