import type { Collection } from '@freehold/contract'
import { Card } from '../ui/card.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'

/** What a collection's records must fit, and what queries find them by. */
export function SchemaView({ collection }: { collection: Collection }) {
  const { schema, schema_version: version, indexes, sensitive_fields: sensitive, updated_at: updatedAt } = collection
  return (
    <div className="mt-5 grid items-start gap-5 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
      <CodeSnippet label={`Schema, version ${version}`} code={JSON.stringify(schema, null, 2)} />
      <div className="grid gap-5">
        <Card title="Indexes">
          {indexes.length > 0 ? (
            <ul className="divide-y divide-line">
              {indexes.map(({ fields, unique, state }) => {
                const text = fields.map(({ field, dir }) => (dir === 'desc' ? `${field} ↓` : field)).join(', ')
                return (
                  <li key={text} className="flex min-h-11 flex-wrap items-center justify-between gap-2 px-4 py-2">
                    <span className="min-w-0 font-mono text-sm break-all">{text}</span>
                    <span className="flex gap-1.5">
                      {unique && <Tag>Unique</Tag>}
                      <Tag tone={state === 'ready' ? 'ok' : 'warn'}>{state === 'ready' ? 'Ready' : 'Building'}</Tag>
                    </span>
                  </li>
                )
              })}
            </ul>
          ) : (
            <p className="p-4 text-pretty text-fg-2">None. Up to 10,000 records any query is answered without one.</p>
          )}
        </Card>
        <Card title="Sensitive fields" padded>
          {sensitive.length > 0 ? (
            <p className="font-mono text-sm break-words">{sensitive.join(', ')}</p>
          ) : (
            <p className="text-pretty text-fg-2">
              None. <code className="font-mono text-[0.92em]">"x-sensitive": true</code> on a text or a number encrypts it.
            </p>
          )}
        </Card>
        <p className="text-xs text-fg-3">
          Changed <TimeAgo at={updatedAt} />
        </p>
      </div>
    </div>
  )
}
