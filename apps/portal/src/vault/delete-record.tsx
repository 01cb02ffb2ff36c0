import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { tellMismatch } from '../api/secrets.ts'
import { type Place, recordQuery, refreshVault } from '../api/vault.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { showToast } from '../ui/toast-store.ts'

type DeleteRecordProps = { place: Place; recordId: string; onClose: () => void }

/** Deletes the record as it was when this was opened: not one that somebody has changed in between. */
export function DeleteRecord({ place, recordId, onClose }: DeleteRecordProps) {
  const { workspaceId, collection } = place
  const { data } = useQuery(recordQuery(place, recordId))
  const [seen, setSeen] = useState<string>()
  if (seen === undefined && data?.etag !== undefined) setSeen(data.etag)
  return (
    <ConfirmDialog
      open
      danger
      onClose={onClose}
      title="Delete this record?"
      consequence={`This cannot be undone. The record of ${collection} is lost with all its fields, sensitive ones too.`}
      confirm="Delete record"
      run={async () => {
        try {
          await client.deleteRecord({ workspace_id: workspaceId, collection, record_id: recordId }, { ifMatch: seen })
        } catch (error) {
          throw tellMismatch(error, 'record')
        }
        showToast({ title: 'The record is deleted' })
        await refreshVault(workspaceId)
      }}
    >
      <p className="font-mono text-xs break-all text-fg-3">{recordId}</p>
    </ConfirmDialog>
  )
}
