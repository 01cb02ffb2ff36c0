import { ChevronRight, ChevronsLeft } from 'lucide-react'
import { Button } from './button.tsx'

export type PagerProps = {
  shown: number
  next: string | null | undefined
  cursor: string | undefined
  onGo: (cursor: string | undefined) => void
}

/** Keyset paging: forward from where we are, or back to the start. The browser's own Back goes a page back. */
export function Pager({ shown, next, cursor, onGo }: PagerProps) {
  if (!next && !cursor) return null
  return (
    <nav aria-label="Pages" className="mt-4 flex flex-wrap items-center justify-between gap-2 text-xs text-fg-3">
      <span className="tnum">
        {shown} shown{next ? ', more available' : ''}
      </span>
      <span className="flex gap-2">
        <Button size="sm" disabled={!cursor} onClick={() => onGo(undefined)}>
          <ChevronsLeft aria-hidden className="size-3.5 rtl:rotate-180" />
          First page
        </Button>
        <Button size="sm" disabled={!next} onClick={() => onGo(next ?? undefined)}>
          Next page
          <ChevronRight aria-hidden className="size-3.5 rtl:rotate-180" />
        </Button>
      </span>
    </nav>
  )
}
