import type { Socket } from 'node:net'
import { EgressError } from '../egress/egress-error.ts'

/** How a database is connected to. */
export type DatabaseTarget = {
  host: string
  port: number
  database: string
  user: string
  password: string
  /** `require`: the certificate is held against the host. `prefer`: encrypted where it can be, whoever answers. */
  tls: 'require' | 'prefer' | 'off'
  caCertificate?: string | undefined
}

const timeoutMs = 8000
const mostBytes = 1024 * 1024

/** Talks over a socket for a bounded time, and reads a bounded amount: then the socket is gone, whatever `talk` still waits for. */
export async function converse<R>(socket: Socket, talk: () => Promise<R>): Promise<R> {
  let overdue: NodeJS.Timeout | undefined
  let watch: NodeJS.Timeout | undefined
  const bound = new Promise<never>((_, reject) => {
    overdue = setTimeout(() => reject(new EgressError('timeout', `No answer came within ${timeoutMs} ms.`)), timeoutMs)
    watch = setInterval(() => {
      if (socket.bytesRead > mostBytes) reject(new EgressError('too_large', `The answer is longer than ${mostBytes} bytes.`))
    }, 50)
  })
  try {
    return await Promise.race([talk(), bound])
  } finally {
    clearTimeout(overdue)
    clearInterval(watch)
    socket.on('error', () => undefined) // Of what is cut off here.
    socket.destroy()
  }
}
