// Runs before the first paint, from a file of its own because the Content-Security-Policy allows no inline script.
;(() => {
  const root = document.documentElement
  let chosen = 'system'
  try {
    chosen = localStorage.getItem('freehold:theme') ?? 'system'
  } catch {
    // Storage may be switched off: the system's theme is right then.
  }
  const dark = chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  if (/^\/(login|setup)/.test(location.pathname)) root.dataset.bare = ''
})()
