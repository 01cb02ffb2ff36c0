import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Kbd } from './kbd.tsx'

type FilterInputProps = { label: string; placeholder: string; value: string; onChange: (value: string) => void }

/** Text filter of a list, reached by `/`; reports once the typing pauses. */
export function FilterInput({ label, placeholder, value, onChange }: FilterInputProps) {
  const [text, setText] = useState(value)
  const pending = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setText(value), [value])
  useEffect(() => () => clearTimeout(pending.current), [])

  const type = (next: string) => {
    setText(next)
    clearTimeout(pending.current)
    pending.current = setTimeout(() => onChange(next.trim()), 200)
  }

  return (
    <label className="relative min-w-0 flex-1 basis-56 md:max-w-72">
      <span className="sr-only">{label}</span>
      <Search aria-hidden className="pointer-events-none absolute start-2.5 top-1/2 size-3.5 -translate-y-1/2 text-fg-3" />
      <input
        data-filter
        value={text}
        maxLength={100}
        placeholder={placeholder}
        onChange={(event) => type(event.target.value)}
        className="h-8 w-full rounded-sm bg-surface ps-8 pe-8 text-sm shadow-control ring-1 ring-line-2 outline-none ring-inset placeholder:text-fg-3 focus:ring-2 focus:ring-accent coarse:h-10 coarse:text-[1rem]"
      />
      {!text && (
        <span aria-hidden className="pointer-events-none absolute end-2 top-1/2 hidden -translate-y-1/2 md:block">
          <Kbd>/</Kbd>
        </span>
      )}
    </label>
  )
}
