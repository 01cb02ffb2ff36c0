import { clsx } from 'clsx'
import type { ReactNode } from 'react'

const tones = { ice: 'bg-ice-soft text-ice', warn: 'bg-warn-soft text-warn', bad: 'bg-bad-soft text-bad' }

type BannerProps = { tone: keyof typeof tones; icon: ReactNode; title: string; children: ReactNode; action?: ReactNode }

/** Something about the whole page that the reader must know before acting. */
export function Banner({ tone, icon, title, children, action }: BannerProps) {
  return (
    <div
      role="status"
      className={clsx('mt-5 flex flex-wrap items-center gap-3 rounded-lg px-4 py-3 [&>svg]:size-4 [&>svg]:shrink-0', tones[tone])}
    >
      {icon}
      <p className="min-w-0 flex-1 basis-48 text-pretty break-words">
        <strong className="font-medium">{title}</strong> {children}
      </p>
      {action}
    </div>
  )
}
