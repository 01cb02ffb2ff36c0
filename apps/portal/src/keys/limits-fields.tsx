import { useQuery } from '@tanstack/react-query'
import type { UseFormReturn } from 'react-hook-form'
import { environmentsQuery } from '../api/workspaces.ts'
import { CheckboxGroup } from '../ui/checkbox-group.tsx'
import { Field, TextArea } from '../ui/field.tsx'

/** What the inputs of the limits hold: lists as people write them. */
export type LimitsForm = { scopes: string; allowed_ips: string; allowed_origins: string; environments: string[] }
export const noLimits: LimitsForm = { scopes: '', allowed_ips: '', allowed_origins: '', environments: [] }

const lists = [
  {
    name: 'scopes',
    label: 'Scopes',
    hint: 'What it may do at most, such as sessions:read. sessions:* is every verb. Empty leaves it to the role.',
  },
  { name: 'allowed_ips', label: 'Allowed addresses', hint: 'It works from these only: addresses or CIDR ranges, such as 203.0.113.0/24.' },
  { name: 'allowed_origins', label: 'Allowed origins', hint: 'In browsers it works on these only, such as https://app.example.com.' },
] as const

type LimitsFieldsProps<T extends LimitsForm> = { workspaceId: string; form: UseFormReturn<T> }

export function LimitsFields<T extends LimitsForm>({ workspaceId, form }: LimitsFieldsProps<T>) {
  const { register, setValue, watch, formState } = form as unknown as UseFormReturn<LimitsForm>
  const environments = useQuery(environmentsQuery(workspaceId))
  return (
    <div className="grid gap-4">
      {lists.map(({ name, label, hint }) => (
        <Field key={name} label={label} optional hint={`${hint} One per line.`} error={formState.errors[name]?.message}>
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              className="font-mono text-sm!"
              {...register(name)}
            />
          )}
        </Field>
      ))}
      <CheckboxGroup
        legend="Environments"
        hint={environments.error ? 'The environments could not be loaded.' : 'None ticked is all of them.'}
        error={formState.errors.environments?.message}
        options={(environments.data ?? []).map(({ slug, name }) => ({ value: slug, label: name }))}
        values={watch('environments')}
        onChange={(values) => setValue('environments', values)}
      />
    </div>
  )
}
