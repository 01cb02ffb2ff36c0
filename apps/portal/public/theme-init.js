// Runs before the first paint, from a file of its own because the Content-Security-Policy allows no inline script.
;(() => {
  const root = document.documentElement
  const systemDark = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => {
    let chosen = 'system'
    try {
      chosen = localStorage.getItem('freehold:theme') ?? 'system'
    } catch {
      // Storage may be switched off: the system's theme is right then.
    }
    root.dataset.theme = chosen === 'dark' || (chosen === 'system' && systemDark.matches) ? 'dark' : 'light'
  }
  apply()
  systemDark.addEventListener('change', apply)
  if (/^\/(login|setup)/.test(location.pathname)) root.dataset.bare = ''
})()
