import type { Collection, VaultRecord, Workspace } from '@freehold/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Plus, Rows3, Search } from 'lucide-react'
import { installationUrl } from '../api/client.ts'
import { missingIndex, recordCountQuery, recordsQuery } from '../api/vault.ts'
import type { VaultSearch } from '../search.ts'
import { Button } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { PagedList } from '../ui/paged-list.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { refusalOf } from '../workspace/refusals.ts'
import { filterOf } from './conditions.ts'
import { comparableFields, type VaultField } from './fields.ts'
import { FilterBar } from './filter-bar.tsx'
import { TokenNote } from './no-collections-yet.tsx'
import { NoIndex } from './no-index.tsx'
import { canSortBy, type RecordAction, recordColumns } from './record-columns.tsx'

type RecordsViewProps = {
  workspace: Workspace
  collection: Collection
  fields: readonly VaultField[]
  search: VaultSearch
  onGo: (search: VaultSearch, options?: { replace: boolean }) => void
  onAct: (action: RecordAction, record: VaultRecord) => void
}

/** The records of a collection: filtered, sorted and paged as the URL says. */
export function RecordsView({ workspace, collection, fields, search, onGo, onAct }: RecordsViewProps) {
  const { where = [], sort, cursor } = search
  const comparable = comparableFields(collection.schema)
  const place = { workspaceId: workspace.id, collection: collection.name }
  const filter = filterOf(where, comparable)
  const order = sort && [{ field: sort.replace(/^-/, ''), dir: sort.startsWith('-') ? ('desc' as const) : ('asc' as const) }]
  const query = useQuery({
    ...recordsQuery(place, { filter, sort: order || undefined, cursor }),
    placeholderData: keepPreviousData,
  })
  const { data: count } = useQuery(recordCountQuery(place, filter))
  const kept = { ...(where.length > 0 && { where }), ...(sort && { sort }) }
  const clear = () => onGo({})
  const isNarrowed = where.length > 0 || cursor !== undefined
  const suggested = missingIndex(query.error)

  return (
    <>
      <FilterBar
        fields={comparable}
        sortable={fields.filter((field) => canSortBy(field, collection))}
        conditions={where}
        sort={sort}
        onChange={(next) => onGo({ ...(next.length > 0 && { where: next }), ...(sort && { sort }) }, { replace: true })}
        onSort={(next) => onGo({ ...(where.length > 0 && { where }), ...(next && { sort: next }) }, { replace: true })}
      />
      {count && (
        <p role="status" className="tnum mt-3 text-xs text-fg-3">
          {count.exact ? '' : 'At least '}
          {count.count.toLocaleString()} {count.count === 1 ? 'record' : 'records'}
          {where.length > 0 && ` of ${collection.record_count.toLocaleString()}`}
        </p>
      )}
      {suggested !== undefined ? (
        <NoIndex workspace={workspace} collection={collection} suggested={suggested} onClear={clear} />
      ) : (
        <Loaded query={query} what="the records" skeleton={<SkeletonRows count={8} />}>
          {(page) =>
            page.items.length > 0 ? (
              <PagedList
                label={`Records of ${collection.name}`}
                page={page}
                columns={recordColumns({
                  workspace,
                  collection,
                  fields,
                  place: { ...kept, ...(cursor && { cursor }) },
                  onSort: (next) => onGo({ ...(where.length > 0 && { where }), ...(next && { sort: next }) }, { replace: true }),
                  onAct,
                })}
                keyOf={(record) => record.id}
                busy={query.isPlaceholderData}
                cursor={cursor}
                onGo={(to) => onGo({ ...kept, ...(to && { cursor: to }) })}
              />
            ) : (
              <div className="mt-4 rounded-lg ring-1 ring-line">
                {isNarrowed ? (
                  <Empty
                    icon={<Search />}
                    title="No record matches"
                    body="Take a condition away, or try another value."
                    actions={<Button onClick={clear}>Clear filters</Button>}
                  />
                ) : (
                  <NoRecordsYet workspace={workspace} collection={collection} onCreate={() => onGo({ new: true })} />
                )}
              </div>
            )
          }
        </Loaded>
      )}
    </>
  )
}

type NoRecordsProps = { workspace: Workspace; collection: Collection; onCreate: () => void }

function NoRecordsYet({ workspace, collection, onCreate }: NoRecordsProps) {
  return (
    <Empty
      icon={<Rows3 />}
      title="No records yet"
      body="Add one by the form that the schema makes, import a file of CSV or JSON Lines, or let a program store them:"
      actions={
        <Button reason={refusalOf(workspace, 'write')} onClick={onCreate}>
          <Plus aria-hidden className="size-4" />
          Add the first
        </Button>
      }
    >
      <CodeSnippet label="Terminal" code={insertSnippet(workspace.id, collection)} />
      <TokenNote />
    </Empty>
  )
}

const examples = { text: 'Ada', long: 'Ada', number: 1, boolean: true, date: '2026-01-31', json: {}, enum: '' } as const

function insertSnippet(workspaceId: string, { name, schema }: Collection): string {
  const all = comparableFields(schema).filter(({ names }) => names.length === 1)
  const required = all.filter(({ isRequired }) => isRequired)
  const data = Object.fromEntries(
    (required.length > 0 ? required : all.slice(0, 1)).map(({ path, kind, options }) => [
      path,
      kind === 'enum' ? options[0] : examples[kind],
    ]),
  )
  return [
    `curl -X POST "${installationUrl}/v1/workspaces/${workspaceId}/vault/collections/${name}/records" \\`,
    `  -H "Authorization: Bearer $FREEHOLD_TOKEN" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '${JSON.stringify({ data })}'`,
  ].join('\n')
}
