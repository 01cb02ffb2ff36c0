import type { Credential } from '@freehold/contract'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { refreshCredentials } from '../api/credentials.ts'
import { describeProblem } from '../api/problem.ts'
import { heedSeal } from '../api/sealed.ts'
import { showToast } from '../ui/toast-store.ts'

/** Checks credentials, each for as long as it takes, and knows which are being checked. What was found stands in the list. */
export function useChecks(workspaceId: string) {
  const [checking, setChecking] = useState<ReadonlySet<string>>(new Set())

  const check = async ({ id, name }: Credential) => {
    setChecking((before) => new Set([...before, id]))
    try {
      await heedSeal(() => client.checkCredential({ workspace_id: workspaceId, credential_id: id }))
      await refreshCredentials(workspaceId)
    } catch (error) {
      showToast({ type: 'error', title: `${name} could not be checked`, description: describeProblem(error) })
    } finally {
      setChecking((before) => new Set([...before].filter((other) => other !== id)))
    }
  }
  return { checking, check }
}
