import { Copy, Download } from 'lucide-react'
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
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
  /** For a secret that can be shown again: it is taken off the screen after so long, and nothing is lost by closing it. */
  hidesAfterSeconds?: number
  onDone: () => void
  children?: ReactNode
}

const asHash = 'Only its hash is stored, so it cannot be shown again.'

/** Shows a secret, most often one that will never be shown again. It lives in the state of the component above and nowhere else. */
export function SecretReveal({ secret, title, storage = asHash, fileName, hidesAfterSeconds, onDone, children }: SecretRevealProps) {
  const { copied, everCopied, copy } = useCopy(secret)
  const [downloaded, setDownloaded] = useState(false)
  const secondsLeft = useCountdown(hidesAfterSeconds, onDone)
  const kept = everCopied || downloaded || hidesAfterSeconds !== undefined
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
      description={
        secondsLeft === undefined ? `This is the only time you will see it. ${storage}` : `It hides in ${secondsLeft} s. ${storage}`
      }
    >
      <DialogBody>
        <div className="flex items-start gap-2">
          <code
            data-testid="secret"
            tabIndex={isLong(secret) ? 0 : undefined}
            className="max-h-[40vh] min-w-0 flex-1 overflow-y-auto rounded-sm bg-sunken px-2.5 py-2 font-mono text-xs leading-5 break-all whitespace-pre-wrap ring-1 ring-line ring-inset"
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

/** What may be higher than its box is reached by the keyboard, to be scrolled. */
const isLong = (secret: string) => secret.length > 600 || secret.split('\n').length > 10

/** Seconds left before `onEnd` is called, for good; undefined where there is no end. */
function useCountdown(seconds: number | undefined, onEnd: () => void): number | undefined {
  const [left, setLeft] = useState(seconds)
  const end = useEffectEvent(onEnd)
  useEffect(() => {
    if (seconds === undefined) return
    const endsAtMs = Date.now() + seconds * 1000
    // A hidden tab's timers come late, so it is the clock that counts.
    const tick = () => {
      const leftMs = endsAtMs - Date.now()
      setLeft(Math.max(0, Math.ceil(leftMs / 1000)))
      if (leftMs <= 0) end()
    }
    const timer = setInterval(tick, 1000)
    document.addEventListener('visibilitychange', tick)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }, [seconds])
  return left
}
