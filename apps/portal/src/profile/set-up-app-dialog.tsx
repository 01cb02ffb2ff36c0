import { useQuery } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { faultOf, showProblem } from '../api/problem.ts'
import { CodeField } from '../sign-in/code-field.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { FormError } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { wrongCode } from './code-dialog.tsx'
import { QrCode } from './qr-code.tsx'

type SetUpAppDialogProps = { open: boolean; onClose: () => void; onDone: (recoveryCodes: readonly string[]) => void }

export default function SetUpAppDialog({ open, onClose, onDone }: SetUpAppDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Set up an authenticator app"
      description="Scan this with the app on your phone, then enter the code that it shows. Your other sessions are signed out."
    >
      <SetUpForm onClose={onClose} onDone={onDone} />
    </Dialog>
  )
}

function SetUpForm({ onClose, onDone }: Omit<SetUpAppDialogProps, 'open'>) {
  const offer = useQuery({
    queryKey: ['authenticator-offer'],
    queryFn: ({ signal }) => client.startTotp({}, { signal }),
    gcTime: 0,
    // Another secret would be another entry in the app, so nothing but an expired one is replaced.
    enabled: ({ state }) => state.data === undefined,
  })
  const { register, handleSubmit, setError, resetField, formState } = useForm({ defaultValues: { code: '' } })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async ({ code }) => {
    if (!offer.data) return
    try {
      const { recovery_codes } = await client.confirmTotp({ setup: offer.data.setup, code: code.trim() })
      onDone(recovery_codes)
    } catch (error) {
      if (faultOf(error, '/body/setup')) {
        resetField('code')
        setError('root', { message: 'The QR code had expired, so here is a new one. Delete the old entry in your app and scan again.' })
        return void offer.refetch()
      }
      if (faultOf(error, '/body/code')) return setError('code', { message: wrongCode }, { shouldFocus: true })
      showProblem(error, setError, ['code'])
    }
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        <Loaded query={offer} what="a new secret" skeleton={<Skeleton className="h-48" />}>
          {({ otpauth_url, secret }) => (
            <div className="flex flex-wrap items-center gap-4">
              <QrCode text={otpauth_url} label="QR code for your authenticator app" />
              <div className="min-w-0 flex-1 basis-40">
                <p className="text-sm font-medium">No camera?</p>
                <p className="mt-1 text-xs text-pretty text-fg-2">Type this key into the app instead.</p>
                <div className="mt-2 flex items-start gap-1">
                  <p className="min-w-0 font-mono text-xs leading-6 break-words">{secret.replace(/(.{4})(?=.)/g, '$1 ')}</p>
                  <CopyButton value={secret} label="Copy the key" />
                </div>
              </div>
            </div>
          )}
        </Loaded>
        <CodeField
          hint="The six digits that the app shows now."
          inputMode="numeric"
          autoFocus
          error={errors.code?.message}
          {...register('code', { validate: (code) => /^\s*(\d\s*){6}$/.test(code) || 'Enter the six digits.' })}
        />
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting} disabled={!offer.data}>
          Turn on
        </Button>
      </DialogFoot>
    </form>
  )
}
