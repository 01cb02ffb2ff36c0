import { EventEmitter } from 'node:events'
import type { Notification, Notifications } from '@freehold/db'
import { expect, test } from 'vitest'
import { follow } from './index.ts'

function openSource() {
  const emitter = new EventEmitter()
  const notifications: Notifications = {
    on(listener) {
      emitter.on('n', listener)
      return () => emitter.off('n', listener)
    },
    close: async () => undefined,
  }
  return {
    notifications,
    tell: (notification: Notification | null) => emitter.emit('n', notification),
    listeners: () => emitter.listenerCount('n'),
  }
}

const run = (id: string): Notification => ({ kind: 'run', id })
const all = () => true

test('what is told between the call and the first read is not lost', async () => {
  const source = openSource()
  const following = follow(source.notifications, ({ id }) => id !== 'b', new AbortController().signal)
  source.tell(run('a'))
  source.tell(run('b'))
  source.tell(run('c'))
  expect(await following.next()).toEqual({ done: false, value: run('a') })
  expect(await following.next()).toEqual({ done: false, value: run('c') })
  const waiting = following.next()
  source.tell(run('d'))
  expect(await waiting).toEqual({ done: false, value: run('d') })
})

test('a repeated notification waits once, and again after it was taken', async () => {
  const source = openSource()
  const following = follow(source.notifications, all, new AbortController().signal)
  for (const id of ['a', 'b', 'a', 'a']) source.tell(run(id))
  expect(await following.next()).toMatchObject({ value: { id: 'a' } })
  source.tell(run('a'))
  expect(await following.next()).toMatchObject({ value: { id: 'b' } })
  expect(await following.next()).toMatchObject({ value: { id: 'a' } })
})

test('a gap, or more waiting than the bound, becomes one null', async () => {
  const source = openSource()
  const following = follow(source.notifications, all, new AbortController().signal, 3)
  source.tell(run('a'))
  source.tell(null)
  source.tell(run('b'))
  expect(await following.next()).toEqual({ done: false, value: null })
  expect(await following.next()).toMatchObject({ value: { id: 'b' } })
  for (let at = 0; at < 1000; at++) source.tell(run(String(at)))
  expect(await following.next()).toEqual({ done: false, value: null })
})

test('it ends on abort, on return and when aborted before, and leaves no listener', async () => {
  const source = openSource()
  const abort = new AbortController()
  const waiting = follow(source.notifications, all, abort.signal).next()
  abort.abort()
  expect(await waiting).toMatchObject({ done: true })
  expect(await follow(source.notifications, all, abort.signal).next()).toMatchObject({ done: true })
  const abandoned = follow(source.notifications, all, new AbortController().signal)
  source.tell(run('a'))
  for await (const _ of abandoned) break
  expect(source.listeners()).toBe(0)
})
