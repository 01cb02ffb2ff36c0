import { Cog, KeyRound } from 'lucide-react'

const size = 'size-6 shrink-0 rounded-full'

/** Initials on a colour of their own for a person; a sign for keys and for the system. */
export function Avatar({ name, kind = 'user' }: { name: string; kind?: string }) {
  if (kind !== 'user') {
    const Icon = kind === 'system' ? Cog : KeyRound
    return (
      <span aria-hidden className={`grid place-items-center bg-press text-fg-2 ${size}`}>
        <Icon className="size-3.5" strokeWidth={1.75} />
      </span>
    )
  }
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={size}>
      <rect width="24" height="24" fill={`oklch(0.55 0.1 ${hueOf(name)})`} />
      <text x="12" y="15.8" textAnchor="middle" fontSize="10" fontWeight="600" fill="white">
        {initialsOf(name)}
      </text>
    </svg>
  )
}

const hueOf = (name: string) => [...name].reduce((hue, letter) => (hue * 31 + (letter.codePointAt(0) ?? 0)) % 360, 17)

/** One or two letters that stand for a name. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s@._-]+/).filter(Boolean)
  return words
    .slice(0, 2)
    .map((word) => [...word][0])
    .join('')
    .toUpperCase()
}
