import { clsx } from 'clsx'
import type { CSSProperties, ReactNode } from 'react'

export type Column<Row> = {
  header: string
  cell: (row: Row) => ReactNode
  /** Track of the grid where the list is wide. */
  width: string
  /** Where it goes when the list is narrow: the first line, the end of the first line, the small print, or nowhere. */
  narrow: 'title' | 'aside' | 'line' | 'hidden'
  /** The header is read out but not shown. */
  headerHidden?: boolean
  /** The header's way to sort by the column, instead of its name alone. */
  headerButton?: ReactNode
  sorted?: 'ascending' | 'descending' | undefined
}

export type DataListProps<Row> = {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  keyOf: (row: Row) => string
  busy?: boolean
  tall?: boolean
}

const narrowClass = {
  title: 'order-1 min-w-0 grow basis-1/2',
  aside: 'order-2 shrink-0',
  // In the small print a label with nothing behind it says nothing.
  line: 'order-4 text-xs text-fg-3 @max-[46rem]:has-data-none:hidden @[46rem]:text-sm @[46rem]:text-fg-2',
  hidden: 'text-sm text-fg-2 @max-[46rem]:hidden',
}

/** A table where its box is wide, a list of two-line entries where it is not: it asks its container, not the window. */
export function DataList<Row>({ label, rows, columns, keyOf, busy = false, tall = false }: DataListProps<Row>) {
  const tracks = { '--tracks': columns.map((column) => column.width).join(' ') } as CSSProperties
  return (
    <div role="table" aria-label={label} aria-busy={busy} className="@container mt-3" style={tracks}>
      <div
        role="row"
        className="hidden h-9 items-center gap-4 border-b border-line px-2 text-xs text-fg-3 @[46rem]:grid @[46rem]:grid-cols-(--tracks)"
      >
        {columns.map((column) => (
          <span role="columnheader" key={column.header} aria-sort={column.sorted} className="min-w-0">
            {column.headerButton ?? <span className={column.headerHidden ? 'sr-only' : undefined}>{column.header}</span>}
          </span>
        ))}
      </div>
      <div role="rowgroup" className={clsx('transition-opacity', busy && 'opacity-55')}>
        {rows.map((row) => (
          <div
            role="row"
            key={keyOf(row)}
            className={clsx(
              'relative flex flex-wrap items-center gap-x-3 gap-y-0.5 border-b border-line px-2 py-2.5 transition-colors hover:bg-hover',
              '@[46rem]:grid @[46rem]:grid-cols-(--tracks) @[46rem]:gap-4 @[46rem]:py-1',
              tall ? '@[46rem]:min-h-[54px]' : '@[46rem]:min-h-[45px]',
            )}
          >
            {columns.map((column) => (
              <span role="cell" key={column.header} className={clsx('@[46rem]:order-none @[46rem]:min-w-0', narrowClass[column.narrow])}>
                {column.narrow === 'line' && <span className="@[46rem]:hidden">{column.header}: </span>}
                {column.cell(row)}
              </span>
            ))}
            <span aria-hidden className="order-3 h-0 basis-full @[46rem]:hidden" />
          </div>
        ))}
      </div>
    </div>
  )
}

/** A link that makes its whole row its target. */
export const rowLinkClass =
  'inline-block py-0.5 font-medium outline-none after:absolute after:inset-0 focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent'
