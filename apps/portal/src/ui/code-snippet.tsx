import { CopyButton } from './copy-button.tsx'

/** A command that runs as it stands: whole ids, no ellipses. */
export function CodeSnippet({ code, label }: { code: string; label: string }) {
  return (
    <div className="min-w-0 overflow-hidden rounded-md bg-sunken ring-1 ring-line ring-inset">
      <div className="hairline flex min-h-8 items-center justify-between ps-3 pe-1.5 text-xs text-fg-3">
        <span>{label}</span>
        <CopyButton value={code} label={`Copy ${label.toLowerCase()}`} />
      </div>
      <pre tabIndex={0} role="region" aria-label={label} className="overflow-x-auto p-3 font-mono text-xs leading-[1.45rem] text-fg-2">
        {code.split(/("[^"]*"|'[^']*'|\bcurl\b|\$[A-Z_]+)/g).map((part, index) => (
          <span key={index} className={colourOf(part)}>
            {part}
          </span>
        ))}
      </pre>
    </div>
  )
}

function colourOf(part: string): string | undefined {
  if (/^["']/.test(part)) return 'text-ok'
  if (part.startsWith('$')) return 'text-accent'
  return part === 'curl' ? 'font-medium text-fg' : undefined
}
