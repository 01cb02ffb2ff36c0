import { connect } from 'node:net'

/** One measured interval of load: closed loop, one request at a time on each connection. */
export type LoadResult = { requests: number; wrong: number; seconds: number; p50Ms: number; p99Ms: number }
export type LoadOptions = {
  port: number
  connections: number
  ms: number
  /** The raw request to send next. */
  next(): Buffer
  /** Whether an answer (head and body) is right. */
  isRight(answer: Buffer): boolean
}

/** Sends raw HTTP/1.1 on keep-alive connections and counts right and wrong answers. */
export async function applyLoad({ port, connections, ms, next, isRight }: LoadOptions): Promise<LoadResult> {
  const times: number[] = []
  let wrong = 0
  const started = performance.now()
  const end = started + ms
  await Promise.all(Array.from({ length: connections }, () => drive()))
  const seconds = (performance.now() - started) / 1000
  times.sort((left, right) => left - right)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { requests: times.length, wrong, seconds, p50Ms: at(0.5), p99Ms: at(0.99) }

  function drive(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      let received: Buffer = Buffer.alloc(0)
      let wanted = -1
      let sentAt = 0
      const send = () => {
        received = Buffer.alloc(0)
        wanted = -1
        sentAt = performance.now()
        socket.write(next())
      }
      socket.once('connect', send)
      socket.once('error', reject)
      socket.on('data', (chunk) => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
        if (wanted < 0) wanted = lengthOf(received)
        if (wanted < 0 || received.length < wanted) return
        const now = performance.now()
        times.push(now - sentAt)
        if (!isRight(received)) wrong += 1
        if (now < end) return send()
        socket.end()
        resolve()
      })
    })
  }
}

const headEnd = Buffer.from('\r\n\r\n')

/** Length of the whole answer, once its head is there. */
function lengthOf(received: Buffer): number {
  const end = received.indexOf(headEnd)
  if (end < 0) return -1
  const length = /content-length: (\d+)/i.exec(received.toString('latin1', 0, end))
  return end + headEnd.length + Number(length?.[1] ?? 0)
}
