import { useForm } from 'react-hook-form'
import { changeOrgWorkspace, type LoadedOrgWorkspace } from '../api/programs.ts'
import { showProblem } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast-store.ts'

/** The address of a key set that the customer publishes, for keys that come and go by themselves. */
export function KeySetCard({ org, refusal }: { org: LoadedOrgWorkspace; refusal: string | undefined }) {
  const { register, handleSubmit, setError, formState } = useForm({
    values: { jwksUri: org.jwksUri ?? '' },
    resetOptions: { keepDirtyValues: true },
  })
  const { errors, isDirty, isSubmitting } = formState
  const submit = handleSubmit(async ({ jwksUri }) => {
    try {
      await changeOrgWorkspace(org, { jwksUri: jwksUri.trim() || null })
      showToast({ title: jwksUri.trim() ? 'The address is saved' : 'The address is removed' })
    } catch (error) {
      showProblem(error, setError, ['jwksUri'])
    }
  })
  return (
    <Card title="Key set (JWKS)" padded>
      <form noValidate className="grid gap-4" onSubmit={submit}>
        <FormError>{errors.root?.message}</FormError>
        <Field
          label="Address"
          optional
          hint="Public keys are also looked up there, by the kid of a token. Empty looks nothing up."
          error={errors.jwksUri?.message}
        >
          {(control) => (
            <Input
              {...control}
              type="url"
              maxLength={2000}
              autoComplete="off"
              placeholder="https://auth.example.com/.well-known/jwks.json"
              readOnly={Boolean(refusal)}
              {...register('jwksUri', {
                validate: (uri) => /^(https?:\/\/\S+)?$/.test(uri.trim()) || 'Enter an address that begins with https://.',
              })}
            />
          )}
        </Field>
        <div className="flex justify-end">
          <Button type="submit" reason={refusal} disabled={!isDirty && !refusal} loading={isSubmitting}>
            Save address
          </Button>
        </div>
      </form>
    </Card>
  )
}
