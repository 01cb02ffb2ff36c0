import { clsx } from 'clsx'

type ProgressProps = { label: string; value: number; max: number; idle?: boolean }

/** How far something of known length is. */
export function Progress({ label, value, max, idle = false }: ProgressProps) {
  return (
    <progress
      aria-label={label}
      value={value}
      max={Math.max(1, max)}
      className={clsx(
        'block h-1.5 w-full appearance-none overflow-hidden rounded-full bg-press [&::-webkit-progress-bar]:bg-press',
        idle
          ? '[&::-moz-progress-bar]:bg-idle-dot [&::-webkit-progress-value]:bg-idle-dot'
          : '[&::-moz-progress-bar]:bg-accent [&::-webkit-progress-value]:bg-accent',
      )}
    />
  )
}
