import type { ReactNode } from 'react'

/** Text as the server writes it: what it sets in backticks is shown as code. */
export function Prose({ children }: { children: string }) {
  return children.split('`').map((part, index): ReactNode =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={`${index} ${part}`} className="font-mono text-[0.92em] break-words">
        {part}
      </code>
    ),
  )
}

/** A link within a sentence. */
export const proseLinkClass = 'rounded-xs text-accent underline underline-offset-2 hover:text-fg'
