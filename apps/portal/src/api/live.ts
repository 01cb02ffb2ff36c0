import type { AuditEvent, Run } from '@freehold/contract'
import { FreeholdError, type StreamEvent } from '@freehold/sdk/core'
import { useEffect, useSyncExternalStore } from 'react'
import { client } from './client.ts'
import { liveRunQuery, runQuery, workspaceQuery } from './workspaces.ts'
import { queryClient } from './query-client.ts'

/** `asleep`: the tab is hidden. Six connections an origin is all that HTTP/1.1 gives to all tabs together. */
export type LiveState = 'connecting' | 'live' | 'retrying' | 'asleep'

let state: LiveState = 'connecting'
const listeners = new Set<() => void>()

function setState(next: LiveState) {
  state = next
  for (const notify of listeners) notify()
}

function subscribe(notify: () => void) {
  listeners.add(notify)
  return () => listeners.delete(notify)
}

export const useLiveState = (): LiveState => useSyncExternalStore(subscribe, () => state)

/** Keeps one stream open while the tab is seen and signed in. After a gap every list is read again: the stream does not resume. */
export function useLiveUpdates(enabled: boolean) {
  useEffect(() => {
    if (!enabled) return
    let stop: AbortController | undefined
    const followVisibility = () => {
      stop?.abort()
      if (document.hidden) {
        missedSomething = true
        return setState('asleep')
      }
      stop = new AbortController()
      void follow(stop.signal)
    }
    followVisibility()
    document.addEventListener('visibilitychange', followVisibility)
    return () => {
      document.removeEventListener('visibilitychange', followVisibility)
      stop?.abort()
    }
  }, [enabled])
}

let missedSomething = false

/** The SDK connects again by itself after a loss, but gives up when the very first connection fails. */
async function follow(signal: AbortSignal) {
  setState(missedSomething ? 'retrying' : 'connecting')
  while (!signal.aborted) {
    try {
      for await (const event of client.streamEvents({}, { signal, onConnection: followConnection })) receive(event)
    } catch (error) {
      if (error instanceof FreeholdError && error.status === 401) return setState('asleep')
    }
    if (signal.aborted) return
    followConnection('lost')
    await pause(10_000, signal)
  }
}

function followConnection(connection: 'open' | 'lost') {
  if (connection === 'open' && missedSomething) void queryClient.invalidateQueries()
  missedSomething = connection === 'lost'
  setState(connection === 'open' ? 'live' : 'retrying')
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}

function receive(event: StreamEvent) {
  if (event.event === 'resync') void queryClient.invalidateQueries()
  else if (event.event === 'run') receiveRun(event.data)
  else receiveAudit(event.data)
}

function receiveRun(run: Run) {
  // An answer that is still on its way was read before this event, and would put the clock back.
  void queryClient.cancelQueries({ queryKey: runQuery(run.id).queryKey })
  queryClient.setQueryData(runQuery(run.id).queryKey, run)
  queryClient.setQueryData(liveRunQuery(run.workspace_id).queryKey, run)
  if (run.status === 'running' || run.status === 'queued') {
    void queryClient.invalidateQueries({ queryKey: ['workspace', run.workspace_id, 'environments'] })
  } else {
    refreshWorkspace(run.workspace_id)
  }
}

const accountKinds = new Set(['account', 'account_member', 'group', 'invitation'])
const memberKinds = new Set(['account_member', 'group'])
const workspaceKinds = new Set(['workspace', 'grant', 'invitation'])

/** The key, within the workspace's, under which all that lists things of this kind is kept. */
const listsByKind: Readonly<Record<string, string>> = {
  tenant: 'tenants',
  api_key: 'api-keys',
  secret: 'secrets',
  credential: 'credentials',
  file: 'files',
  vault_collection: 'vault',
  vault_record: 'vault',
}

function receiveAudit(event: AuditEvent) {
  void queryClient.invalidateQueries({ queryKey: ['audit'] })
  const [kind = ''] = event.action.split('.')
  if (accountKinds.has(kind)) {
    void queryClient.invalidateQueries({ queryKey: ['accounts'] })
    void queryClient.invalidateQueries({ queryKey: ['account'] })
  }
  // A role on the account, or a place in a group, reaches into all its workspaces.
  if (memberKinds.has(kind)) refreshWorkspaces()
  else if (event.workspace_id && workspaceKinds.has(kind)) refreshWorkspace(event.workspace_id)
  const list = listsByKind[kind]
  if (event.workspace_id && list) void queryClient.invalidateQueries({ queryKey: ['workspace', event.workspace_id, list] })
}

function refreshWorkspaces() {
  void queryClient.invalidateQueries({ queryKey: ['workspaces'] })
  void queryClient.invalidateQueries({ queryKey: ['workspace'] })
}

function refreshWorkspace(workspaceId: string) {
  void queryClient.invalidateQueries({ queryKey: ['workspaces'] })
  void queryClient.invalidateQueries({ queryKey: workspaceQuery(workspaceId).queryKey })
}
