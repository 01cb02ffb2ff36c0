import type { Workspace } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { type LoadedFile, refreshFiles } from '../api/files.ts'
import { isProblem, describeProblem, showProblem } from '../api/problem.ts'
import { tellMismatch } from '../api/secrets.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { Field, FormError, Input } from '../ui/field.tsx'
import { showToast } from '../ui/toast-store.ts'

type RenameDialogProps = { workspace: Workspace; file: LoadedFile; onClose: () => void; onMoved: (name: string) => void }

/** A name is a path: another one may be in another folder. */
export default function RenameDialog({ workspace, file, onClose, onMoved }: RenameDialogProps) {
  const { register, handleSubmit, setError, formState } = useForm({ defaultValues: { name: file.name } })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async ({ name }) => {
    try {
      const address = { workspace_id: workspace.id, file_id: file.id }
      const moved = await client.updateFile({ ...address, name }, file.etag ? { ifMatch: file.etag } : {})
      showToast({ title: `It is ${moved.name} now` })
      await refreshFiles(workspace.id)
      onMoved(moved.name)
    } catch (error) {
      if (isProblem(error, 'conflict')) setError('name', { message: describeProblem(error) })
      else showProblem(tellMismatch(error, 'file'), setError, ['name'])
    }
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Rename or move"
      description="Its id, versions and bytes stay. Programs that ask for it by the old name find it no more."
    >
      <form noValidate onSubmit={submit}>
        <DialogBody>
          <FormError>{errors.root?.message}</FormError>
          <Field
            label="Name"
            hint="The whole path. `/` stands between folders; one that is not there comes about."
            error={errors.name?.message}
          >
            {(control) => (
              <Input
                {...control}
                autoFocus
                autoComplete="off"
                spellCheck={false}
                maxLength={1024}
                {...register('name', { validate: (name) => name !== '' || 'Give the file a name.' })}
              />
            )}
          </Field>
        </DialogBody>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" loading={isSubmitting}>
            Save
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  )
}
