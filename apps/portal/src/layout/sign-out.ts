import { useNavigate } from '@tanstack/react-router'
import { client } from '../api/client.ts'
import { describeProblem, isProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { markSignedOut } from '../api/session.ts'
import { showToast } from '../ui/toast-store.ts'
import { writeLastWorkspace } from '../workspace/last-workspace.ts'

/** Ends the session and forgets everything that was read in it; who signs in then goes on to `next`. */
export function useSignOut() {
  const navigate = useNavigate()
  return async (next?: string) => {
    markSignedOut()
    try {
      await client.signOut()
    } catch (error) {
      // A session that is gone already is what was asked for.
      if (!isProblem(error, 'unauthenticated')) {
        return showToast({ type: 'error', title: 'You are still signed in', description: describeProblem(error) })
      }
    }
    writeLastWorkspace(undefined)
    await navigate({ to: '/login', search: next ? { next } : {} })
    queryClient.clear()
  }
}
