import { clsx } from 'clsx'
import { Search } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'

export type SearchItem = { id: string; label: string; hint?: ReactNode; icon?: ReactNode; onSelect: () => void; current?: boolean }
export type SearchGroup = { heading: string; items: readonly SearchItem[] }

type SearchListProps = {
  label: string
  placeholder: string
  text: string
  onText: (text: string) => void
  groups: readonly SearchGroup[]
  empty: ReactNode
  autoFocus?: boolean
}

/** A field with the list of what it finds: arrows move, Enter chooses, and the field keeps the focus. */
export function SearchList({ label, placeholder, text, onText, groups, empty, autoFocus = false }: SearchListProps) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const items = groups.flatMap((group) => group.items)
  const [active, setActive] = useState(0)
  const index = Math.min(active, items.length - 1)

  useEffect(() => {
    setActive(0)
  }, [text])
  useEffect(() => {
    // In braces: newer browsers answer a promise here, which React would take for a clean-up.
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [index])

  const press = (event: KeyboardEvent) => {
    const target = targetOf(event.key, index, items.length)
    if (target !== undefined) setActive(target)
    else if (event.key === 'Enter') items[index]?.onSelect()
    else return
    event.preventDefault()
  }

  return (
    <>
      <div className="hairline flex h-11 items-center gap-2.5 px-3.5">
        <Search aria-hidden className="size-4 shrink-0 text-fg-3" />
        <input
          role="combobox"
          autoFocus={autoFocus}
          aria-label={label}
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={items[index] ? `${id}-${items[index].id}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={press}
          className="h-full min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-fg-3 coarse:text-[1rem]"
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={label} className="max-h-[min(27rem,60dvh)] overflow-y-auto p-1.5">
        {groups.map(
          (group) =>
            group.items.length > 0 && (
              <div key={group.heading} role="group" aria-label={group.heading}>
                <div aria-hidden className="px-2 pt-2 pb-1 text-xs text-fg-3">
                  {group.heading}
                </div>
                {group.items.map((item) => (
                  <button
                    key={item.id}
                    id={`${id}-${item.id}`}
                    type="button"
                    role="option"
                    tabIndex={-1}
                    aria-selected={items[index] === item}
                    onPointerMove={() => setActive(items.indexOf(item))}
                    onClick={item.onSelect}
                    className={clsx(
                      'flex min-h-9 w-full cursor-default items-center text-start gap-2.5 rounded-sm px-2 text-sm select-none coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-fg-3',
                      items[index] === item && 'bg-hover',
                    )}
                  >
                    {item.icon}
                    <span className={clsx('truncate', item.current && 'font-medium')}>{item.label}</span>
                    {item.hint && <span className="ms-auto max-w-1/2 shrink-0 truncate ps-2 text-xs text-fg-3">{item.hint}</span>}
                  </button>
                ))}
              </div>
            ),
        )}
      </div>
      {items.length === 0 && (
        <div role="status" className="px-4 pt-2 pb-6 text-center text-pretty text-fg-3">
          {empty}
        </div>
      )}
    </>
  )
}

function targetOf(key: string, index: number, count: number): number | undefined {
  if (count === 0) return undefined
  if (key === 'ArrowDown') return (index + 1) % count
  if (key === 'ArrowUp') return (index - 1 + count) % count
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : undefined
}
