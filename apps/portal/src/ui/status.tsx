import { clsx } from 'clsx'
import type { ReactNode } from 'react'

export type Tone = 'ok' | 'warn' | 'bad' | 'ice' | 'idle' | 'accent'

const dots: Record<Tone, string> = {
  ok: 'bg-ok-dot',
  warn: 'bg-warn-dot',
  bad: 'bg-bad-dot',
  ice: 'bg-ice-dot',
  idle: 'bg-idle-dot',
  accent: 'bg-accent',
}
const tints: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  ice: 'bg-ice-soft text-ice',
  idle: 'bg-press text-fg-2',
  accent: 'bg-accent-soft text-accent',
}
const statuses: Record<string, { tone: Tone; label: string; moving?: true }> = {
  active: { tone: 'ok', label: 'Active' },
  provisioning: { tone: 'accent', label: 'Provisioning', moving: true },
  frozen: { tone: 'ice', label: 'Frozen' },
  archived: { tone: 'idle', label: 'Archived' },
  failed: { tone: 'bad', label: 'Failed' },
  offboarding: { tone: 'warn', label: 'Offboarding' },
  deleted: { tone: 'idle', label: 'Deleted' },
  disabled: { tone: 'idle', label: 'Disabled' },
}

export function Dot({ tone, moving }: { tone: Tone; moving?: boolean | undefined }) {
  return <span aria-hidden className={clsx('dot relative inline-block size-[7px] shrink-0 rounded-full', dots[tone], moving && 'ripple')} />
}

export const toneOf = (status: string): Tone => statuses[status]?.tone ?? 'idle'
export const labelOf = (status: string): string => statuses[status]?.label ?? status

/** The status of a workspace or environment, as a dot with its word, or as a tinted pill beside a title. */
export function Status({ value, pill = false }: { value: string; pill?: boolean }) {
  const { tone, label, moving } = statuses[value] ?? { tone: 'idle' as const, label: value }
  return (
    <span
      className={clsx(
        'inline-flex items-center gap-1.5 whitespace-nowrap',
        pill ? ['h-[22px] rounded-full px-2 text-xs font-medium tracking-normal', tints[tone]] : 'text-fg-2',
      )}
    >
      <Dot tone={tone} moving={moving} />
      {label}
    </span>
  )
}

export function Tag({ children, tone = 'idle' }: { children: ReactNode; tone?: Tone }) {
  return <span className={clsx('inline-flex h-5 items-center rounded-xs px-1.5 text-xs', tints[tone])}>{children}</span>
}
