import { DataList, type DataListProps } from './data-list.tsx'
import { Pager, type PagerProps } from './pager.tsx'

type PagedListProps<Row> = Omit<DataListProps<Row>, 'rows'> &
  Pick<PagerProps, 'cursor' | 'onGo'> & { page: { items: readonly Row[]; next: PagerProps['next'] } }

/** One page of a list, and the way to the next. */
export function PagedList<Row>({ page: { items, next }, cursor, onGo, ...list }: PagedListProps<Row>) {
  return (
    <>
      <DataList rows={items} {...list} />
      <Pager shown={items.length} next={next} cursor={cursor} onGo={onGo} />
    </>
  )
}
