const key = 'freehold:last-workspace'

/** Where `/` leads. It never decides what a page shows: that is the URL's. */
export function readLastWorkspace(): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

export function writeLastWorkspace(workspaceId: string | undefined): void {
  try {
    if (workspaceId) localStorage.setItem(key, workspaceId)
    else localStorage.removeItem(key)
  } catch {
    // Storage switched off: `/` leads to the list.
  }
}
