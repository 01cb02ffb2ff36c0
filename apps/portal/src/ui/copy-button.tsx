import { clsx } from 'clsx'
import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { copyText } from '../text/clipboard.ts'
import { showToast } from './toast-store.ts'

type CopyButtonProps = { value: string; label: string; text?: ReactNode; className?: string }

/** Copies `value`. With `text` the value is shown and is part of the button. */
export function CopyButton({ value, label, text, className }: CopyButtonProps) {
  const { copied, copy } = useCopy(value)
  return (
    <button
      type="button"
      title={label}
      aria-label={text ? undefined : label}
      onClick={copy}
      className={clsx(
        'group inline-flex max-w-full min-w-0 items-center gap-1.5 rounded-xs text-fg-3 transition-colors hover:bg-hover hover:text-fg coarse:min-h-10',
        text ? '-mx-1 min-h-6 px-1' : 'size-6 shrink-0 justify-center coarse:min-w-10',
        className,
      )}
    >
      {text && (
        <>
          <span className="sr-only">{label} </span>
          <span className="truncate font-mono text-xs text-fg-2 group-hover:text-fg">{text}</span>
        </>
      )}
      {copied ? <Check aria-hidden className="size-3.5 shrink-0 text-ok" /> : <Copy aria-hidden className="size-3.5 shrink-0" />}
      <span role="status" className="sr-only">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  )
}

/** Copies on demand; `copied` holds for a moment, `everCopied` for good. */
export function useCopy(value: string) {
  const [copied, setCopied] = useState(false)
  const [everCopied, setEverCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = async () => {
    if (await copyText(value)) {
      setCopied(true)
      setEverCopied(true)
    } else {
      showToast({ type: 'error', title: 'The browser did not allow copying', description: 'Select the text and copy it by hand.' })
    }
  }
  return { copied, everCopied, copy }
}
