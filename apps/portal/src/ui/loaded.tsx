import { FreeholdError } from '@freehold/sdk/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { describeProblem, needsSecondFactor } from '../api/problem.ts'
import { Button } from './button.tsx'
import { Prose } from './prose.tsx'

const patienceMs = 10_000

type LoadedProps<T> = { query: UseQueryResult<T>; what: string; skeleton: ReactNode; children: (data: T) => ReactNode }

/** Part of a page that needs data: its skeleton, then it, or what went wrong. A skeleton does not last: after 10 s it says so. */
export function Loaded<T>({ query, what, skeleton, children }: LoadedProps<T>) {
  const late = useLateness(query.isPending)
  if (query.data !== undefined) return children(query.data)
  const retry = () => void query.refetch({ cancelRefetch: true })
  if (needsSecondFactor(query.error)) return <SecondFactorNeeded what={what} />
  if (query.error) return <Failure what={what} reason={reasonOf(query.error)} onRetry={retry} />
  if (late) return <Failure what={what} reason="No answer within 10 seconds." onRetry={retry} />
  return (
    <div role="status" aria-label={`Loading ${what}`}>
      {skeleton}
    </div>
  )
}

function reasonOf(error: Error): string {
  const permission = error instanceof FreeholdError && error.status === 403 ? error.members['permission'] : undefined
  return typeof permission === 'string' ? `You lack the permission ${permission}.` : describeProblem(error)
}

function SecondFactorNeeded({ what }: { what: string }) {
  return (
    <p role="alert" className="m-3 rounded-lg bg-warn-soft px-4 py-3 text-pretty text-warn">
      The account shows {what} only to people who have signed in with a second factor.{' '}
      <Link to="/me" hash="security" className="font-medium underline underline-offset-2">
        Set one up in your profile
      </Link>
      , or sign in again with the one that you have.
    </p>
  )
}

function Failure({ what, reason, onRetry }: { what: string; reason: string; onRetry: () => void }) {
  return (
    <div role="alert" className="m-3 flex flex-wrap items-center gap-3 rounded-lg bg-bad-soft px-4 py-3 text-bad">
      <p className="min-w-0 flex-1 basis-48 text-pretty">
        Could not load {what}. <Prose>{reason}</Prose>
      </p>
      <Button size="sm" onClick={onRetry}>
        Retry
      </Button>
    </div>
  )
}

/** True once something has been pending for too long. */
export function useLateness(pending: boolean): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    setLate(false)
    if (!pending) return
    const timer = setTimeout(() => setLate(true), patienceMs)
    return () => clearTimeout(timer)
  }, [pending])
  return late
}
