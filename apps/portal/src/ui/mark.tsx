/** Freehold's mark: the corner of a plot, and the stake that claims it. */
export function Mark({ className = 'size-[22px]' }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={className}>
      <rect width="24" height="24" rx="6.5" className="fill-ink" />
      <path
        d="M6.5 18V6.5h11M6.5 12h7.5"
        fill="none"
        strokeWidth="2.6"
        strokeLinejoin="round"
        strokeLinecap="round"
        className="stroke-ink-fg"
      />
      <circle cx="17" cy="17.5" r="1.9" fill="oklch(0.735 0.135 278)" />
    </svg>
  )
}
