import { EventEmitter } from 'node:events'
import pg from 'pg'

/** What a committed transaction tells every process: ids only, since anybody on the database can listen. */
export type Notification = { kind: 'audit' | 'sealed' | 'run'; workspace_id?: string; account_id?: string; user_id?: string; id?: string }

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

  async function listen(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      keepAlive: true,
      application_name: 'freehold-listen',
      connectionTimeoutMillis: 5000,
    })
    next.on('error', () => undefined)
    next.once('end', () => {
      if (client === next) client = null
      reconnect()
    })
    next.on('notification', ({ payload }) => {
      if (payload) emitter.emit('notification', JSON.parse(payload) as Notification)
    })
    await next.connect()
    await next.query(`listen ${channel}`)
    client = next
  }

  function reconnect(): void {
    if (closed || timer) return
    timer = setTimeout(() => {
      timer = undefined
      listen().then(() => emitter.emit('notification', null), reconnect)
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
      await client?.end()
    },
  }
}
