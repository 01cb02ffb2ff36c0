import type { Collection, Workspace } from '@freehold/contract'
import { Gauge } from 'lucide-react'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { refreshVault } from '../api/vault.ts'
import { Button } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Empty } from '../ui/empty.tsx'
import { showToast } from '../ui/toast-store.ts'
import { refusalOf } from '../workspace/refusals.ts'
import { asNewIndex, indexLine } from './index-lines.ts'

type Suggested = { fields: { field: string; dir: 'asc' | 'desc' }[] }
type NoIndexProps = { workspace: Workspace; collection: Collection; suggested: Suggested | null; onClear: () => void }

/** Instead of the records of a query that only an index could answer: which, and how to have it. */
export function NoIndex({ workspace, collection, suggested, onClear }: NoIndexProps) {
  const [asked, setAsked] = useState(false)
  const line = suggested ? indexLine(suggested) : ''
  const { name, indexes } = collection
  return (
    <div className="mt-4 rounded-lg ring-1 ring-line">
      <Empty
        icon={<Gauge />}
        title="This query needs an index"
        body={
          suggested
            ? `${name} has more than 10,000 records, and none of its indexes finds these. This one would:`
            : `${name} has more than 10,000 records, and none of its indexes finds these. Add a filter by “is” on a field that is indexed.`
        }
        actions={
          <>
            {suggested && (
              <Button reason={refusalOf(workspace, 'ddl')} onClick={() => setAsked(true)}>
                Add this index
              </Button>
            )}
            <Button onClick={onClear}>Clear filters and sort</Button>
          </>
        }
      >
        {suggested && (
          <CodeSnippet
            label="Terminal"
            code={`freehold vault update ${workspace.id} ${name} ${[...indexes.map(asNewIndex), suggested]
              .map((index) => `--index '${JSON.stringify(index)}'`)
              .join(' ')}`}
          />
        )}
      </Empty>
      {suggested && (
        <ConfirmDialog
          open={asked}
          onClose={() => setAsked(false)}
          title={`Add the index ${line}?`}
          consequence="It is built in the background, beside the indexes that are there. Queries use it once it is ready."
          confirm="Add index"
          run={async () => {
            await client.updateCollection({
              workspace_id: workspace.id,
              collection: name,
              indexes: [...indexes.map(asNewIndex), suggested],
            })
            showToast({ title: `The index ${line} is added` })
            await refreshVault(workspace.id)
          }}
        />
      )}
    </div>
  )
}
