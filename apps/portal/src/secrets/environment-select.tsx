import { useQuery } from '@tanstack/react-query'
import { environmentsQuery } from '../api/workspaces.ts'
import { Select } from '../ui/select.tsx'

type EnvironmentSelectProps = {
  workspaceId: string
  /** A slug; null is all environments. */
  value: string | null
  onChange: (slug: string | null) => void
  id?: string
  label?: string
  compact?: boolean
  /** What null is called here. */
  all?: string
}

/** One environment of the workspace, or all of them. */
export function EnvironmentSelect({ workspaceId, value, onChange, all = 'All environments', ...rest }: EnvironmentSelectProps) {
  const { data: environments = [] } = useQuery(environmentsQuery(workspaceId))
  const known = environments.map(({ slug, name }) => ({ value: slug, label: name }))
  const options = value === null || known.some((option) => option.value === value) ? known : [...known, { value, label: value }]
  return (
    <Select
      {...rest}
      value={value ?? ''}
      options={[{ value: '', label: all }, ...options]}
      onChange={(slug) => onChange(slug === '' ? null : slug)}
    />
  )
}
