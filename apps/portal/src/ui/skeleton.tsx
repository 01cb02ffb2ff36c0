import { clsx } from 'clsx'

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={clsx('skeleton block max-w-full', className)} />
}

/** Rows of a list before it is there, as high as the rows will be. */
export function SkeletonRows({ count = 6, className = 'h-[45px]' }: { count?: number; className?: string }) {
  return (
    <div aria-hidden>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={clsx('flex items-center gap-6 border-b border-line px-2', className)}>
          <Skeleton className="h-3.5 w-40" />
          <Skeleton className="h-3.5 w-24 max-sm:hidden" />
          <Skeleton className="ms-auto h-3.5 w-16" />
        </div>
      ))}
    </div>
  )
}
