import type { SignInMethods } from '@freehold/contract'
import { Fingerprint, ShieldCheck } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { describeProblem } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { FormError } from '../ui/field.tsx'
import { describePasskeyFault, passkeyRefusal, signInByPasskey } from './passkey.ts'
import { goToProvider } from './provider.ts'

type OtherWaysProps = { methods: SignInMethods; next: string | undefined; onSignedIn: (userId: string) => Promise<unknown> }

/** The ways to sign in without a password. */
export function OtherWays({ methods, next, onSignedIn }: OtherWaysProps) {
  const [fault, setFault] = useState<string>()
  return (
    <div className="grid gap-2">
      <FormError>{fault}</FormError>
      {methods.oidc && <ProviderButton name={methods.oidc.name} next={next} onFault={setFault} />}
      {methods.passkey && <PasskeyButton onSignedIn={onSignedIn} onFault={setFault} />}
    </div>
  )
}

type OnFault = (fault: string | undefined) => void

function ProviderButton({ name, next, onFault }: { name: string; next: string | undefined; onFault: OnFault }) {
  const [busy, setBusy] = useState(false)
  const leave = async () => {
    setBusy(true)
    onFault(undefined)
    try {
      await goToProvider(next)
    } catch (error) {
      onFault(describeProblem(error))
      setBusy(false)
    }
  }
  return (
    <Button variant="primary" size="lg" loading={busy} onClick={leave} className="min-w-0">
      <ShieldCheck aria-hidden className="size-4" />
      <span className="truncate">Continue with {name}</span>
    </Button>
  )
}

export function PasskeyButton({ onSignedIn, onFault }: Pick<OtherWaysProps, 'onSignedIn'> & { onFault: OnFault }) {
  const [busy, setBusy] = useState(false)
  const noteId = useId()
  const refusal = passkeyRefusal()
  const use = async () => {
    setBusy(true)
    onFault(undefined)
    try {
      const { user_id } = await signInByPasskey()
      await onSignedIn(user_id)
    } catch (error) {
      onFault(describePasskeyFault(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button size="lg" loading={busy} disabled={refusal !== undefined} aria-describedby={refusal && noteId} onClick={use}>
        <Fingerprint aria-hidden className="size-4" />
        Use a passkey
      </Button>
      {refusal && <PasskeyNote id={noteId}>{refusal}</PasskeyNote>}
    </>
  )
}

function PasskeyNote({ id, children: { reason, openInstead } }: { id: string; children: NonNullable<ReturnType<typeof passkeyRefusal>> }) {
  return (
    <p id={id} className="text-xs text-pretty text-fg-3">
      {reason}{' '}
      {openInstead && (
        <a href={openInstead} className="underline underline-offset-2 hover:text-fg">
          Open {new URL(openInstead).host} instead
        </a>
      )}
    </p>
  )
}

export function OrLine({ children }: { children: ReactNode }) {
  return (
    <div className="my-5 flex items-center gap-3 text-xs text-fg-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {children}
    </div>
  )
}
