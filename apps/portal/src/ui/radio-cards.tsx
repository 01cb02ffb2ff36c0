import { clsx } from 'clsx'
import { useId } from 'react'

export type RadioCard<T extends string> = { value: T; label: string; description: string }

type RadioCardsProps<T extends string> = { legend: string; value: T; onChange: (value: T) => void; cards: readonly RadioCard<T>[] }

export function RadioCards<T extends string>({ legend, value, onChange, cards }: RadioCardsProps<T>) {
  const name = useId()
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      <div className="divide-y divide-line overflow-hidden rounded-md bg-surface ring-1 ring-line-2">
        {cards.map((card) => (
          <label
            key={card.value}
            className={clsx(
              'flex cursor-pointer gap-3 px-3 py-2.5 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent',
              card.value === value ? 'bg-accent-soft' : 'hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name={name}
              checked={card.value === value}
              onChange={() => onChange(card.value)}
              aria-labelledby={`${name}-${card.value}-label`}
              aria-describedby={`${name}-${card.value}`}
              className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
            />
            <span>
              <span id={`${name}-${card.value}-label`} className="block font-medium">
                {card.label}
              </span>
              <span id={`${name}-${card.value}`} className="mt-0.5 block text-xs text-pretty text-fg-2">
                {card.description}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
