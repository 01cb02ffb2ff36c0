/** A tab that outlives an upgrade asks for files that are gone: it reloads once, and never in a loop. */
export function reloadOnStaleBuild() {
  const key = `freehold:reloaded:${import.meta.url}`
  addEventListener('vite:preloadError', (event) => {
    if (sessionStorage.getItem(key)) return
    event.preventDefault()
    sessionStorage.setItem(key, 'yes')
    location.reload()
  })
}
