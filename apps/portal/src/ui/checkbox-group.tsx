import { useId } from 'react'

type CheckboxGroupProps = {
  legend: string
  hint?: string
  error?: string | undefined
  options: readonly { value: string; label: string }[]
  values: readonly string[]
  onChange: (values: string[]) => void
}

/** Any number of a few. */
export function CheckboxGroup({ legend, hint, error, options, values, onChange }: CheckboxGroupProps) {
  const id = useId()
  const note = error ?? hint
  return (
    <fieldset aria-describedby={note ? id : undefined}>
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {options.map(({ value, label }) => (
          <label key={value} className="inline-flex min-h-6 cursor-pointer items-center gap-2 coarse:min-h-10">
            <input
              type="checkbox"
              checked={values.includes(value)}
              onChange={({ target }) => onChange(target.checked ? [...values, value] : values.filter((other) => other !== value))}
              className="size-4 shrink-0 accent-accent"
            />
            {label}
          </label>
        ))}
      </div>
      {note && (
        <p id={id} role={error ? 'alert' : undefined} className={error ? 'mt-1.5 text-xs text-bad' : 'mt-1.5 text-xs text-fg-3'}>
          {note}
        </p>
      )}
    </fieldset>
  )
}
