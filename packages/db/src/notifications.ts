import { EventEmitter } from 'node:events'
import pg from 'pg'

/** What a committed transaction tells every process: ids only, since anybody on the database can listen. */
export type Notification = {
  kind: 'audit' | 'sealed' | 'run' | 'relationship'
  workspace_id?: string
  account_id?: string
  user_id?: string
  id?: string
}

export type Notifications = {
  /** Calls `listener` for each notification, and once with null after a gap in which some may have been missed. */
  on(listener: (notification: Notification | null) => void): () => void
  close(): Promise<void>
}

export const channel = 'freehold'
const reconnectDelayMs = 250

/** Listens on a connection of its own and comes back by itself after the database was away. */
export async function openNotifications(url: string): Promise<Notifications> {
  const emitter = new EventEmitter().setMaxListeners(0)
  let client: pg.Client | null = null
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let listening: Promise<void> | undefined

  async function listen(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      keepAlive: true,
      application_name: 'freehold-listen',
      connectionTimeoutMillis: 5000,
    })
    next.on('error', () => undefined)
    next.on('notification', ({ payload }) => {
      const notification = payload === undefined ? null : parse(payload)
      if (notification) emitter.emit('notification', notification)
    })
    try {
      await next.connect()
      await next.query(`listen ${channel}`)
    } catch (error) {
      await next.end().catch(() => undefined)
      throw error
    }
    client = next
    next.once('end', () => {
      client = null
      comeBack()
    })
  }

  function comeBack(): void {
    if (closed) return
    timer = setTimeout(() => {
      listening = listen().then(() => void emitter.emit('notification', null), comeBack)
    }, reconnectDelayMs)
  }

  await listen()
  return {
    on(listener) {
      emitter.on('notification', listener)
      return () => emitter.off('notification', listener)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await listening
      await client?.end()
    },
  }
}

// Anybody on the database can notify, too: what is none of ours must not bring the process down.
function parse(payload: string): Notification | null {
  try {
    const value: unknown = JSON.parse(payload)
    return typeof value === 'object' && value !== null && 'kind' in value ? (value as Notification) : null
  } catch {
    return null
  }
}
