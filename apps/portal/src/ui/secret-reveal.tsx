import { Copy, Download } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { downloadText } from '../text/download.ts'
import { Button } from './button.tsx'
import { useCopy } from './copy-button.tsx'
import { Dialog, DialogBody, DialogFoot } from './dialog.tsx'

type SecretRevealProps = {
  secret: string
  title: string
  /** Why it cannot be shown again. */
  storage?: string
  /** Of several lines, which may be kept as a file of this name too. */
  fileName?: string
  onDone: () => void
  children?: ReactNode
}

const asHash = 'Only its hash is stored, so it cannot be shown again.'

/** Shows a secret that will never be shown again. It lives in the state of the component above and nowhere else. */
export function SecretReveal({ secret, title, storage = asHash, fileName, onDone, children }: SecretRevealProps) {
  const { copied, everCopied, copy } = useCopy(secret)
  const [downloaded, setDownloaded] = useState(false)
  const kept = everCopied || downloaded
  const [warned, setWarned] = useState(false)
  const copyButton = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (kept) return
    const hold = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', hold)
    return () => removeEventListener('beforeunload', hold)
  }, [kept])

  const finish = () => (kept || warned ? onDone() : setWarned(true))

  return (
    <Dialog
      open
      onClose={finish}
      dismissible={false}
      initialFocus={copyButton}
      title={title}
      description={`This is the only time you will see it. ${storage}`}
    >
      <DialogBody>
        <div className="flex items-start gap-2">
          <code
            data-testid="secret"
            className="min-w-0 flex-1 rounded-sm bg-sunken px-2.5 py-2 font-mono text-xs leading-5 break-all whitespace-pre-line ring-1 ring-line ring-inset"
          >
            {secret}
          </code>
          <div className="grid shrink-0 gap-2">
            <Button ref={copyButton} variant="primary" size="lg" onClick={copy}>
              <Copy aria-hidden className="size-4" />
              {copied ? 'Copied' : 'Copy'}
            </Button>
            {fileName && (
              <Button
                size="lg"
                onClick={() => {
                  downloadText(fileName, secret)
                  setDownloaded(true)
                }}
              >
                <Download aria-hidden className="size-4" />
                Download
              </Button>
            )}
          </div>
        </div>
        {children}
        {warned && !kept && (
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
