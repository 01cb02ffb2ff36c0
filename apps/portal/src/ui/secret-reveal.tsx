import { Copy } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { useCopy } from './copy-button.tsx'
import { Dialog, DialogBody, DialogFoot } from './dialog.tsx'

type SecretRevealProps = { secret: string; title: string; onDone: () => void; children?: ReactNode }

/** Shows a secret that will never be shown again. It lives in the state of the component above and nowhere else. */
export function SecretReveal({ secret, title, onDone, children }: SecretRevealProps) {
  const { copied, everCopied, copy } = useCopy(secret)
  const [warned, setWarned] = useState(false)
  const copyButton = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (everCopied) return
    const hold = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', hold)
    return () => removeEventListener('beforeunload', hold)
  }, [everCopied])

  const finish = () => (everCopied || warned ? onDone() : setWarned(true))

  return (
    <Dialog
      open
      onClose={finish}
      dismissible={false}
      initialFocus={copyButton}
      title={title}
      description="This is the only time you will see it. Only its hash is stored, so it cannot be shown again."
    >
      <DialogBody>
        <div className="flex items-start gap-2">
          <code
            data-testid="secret"
            className="min-w-0 flex-1 rounded-sm bg-sunken px-2.5 py-2 font-mono text-xs leading-5 break-all ring-1 ring-line ring-inset"
          >
            {secret}
          </code>
          <Button ref={copyButton} variant="primary" size="lg" onClick={copy}>
            <Copy aria-hidden className="size-4" />
            {copied ? 'Copied' : 'Copy'}
          </Button>
        </div>
        {children}
        {warned && !everCopied && (
          <p role="alert" className="text-sm text-warn">
            You have not copied it. Press Done again to close it for good.
          </p>
        )}
      </DialogBody>
      <DialogFoot>
        <Button onClick={finish}>Done</Button>
      </DialogFoot>
    </Dialog>
  )
}
