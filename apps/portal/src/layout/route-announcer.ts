import type { AnyRouter } from '@tanstack/react-router'

/**
 * Does for a navigation what a page load would: the focus goes to the heading, so that a screen reader says where one is.
 * It listens at the router, because a layout that is still loading would miss the step from signing in to the first page.
 */
export function announceNavigations(router: AnyRouter) {
  router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
    if (fromLocation && pathChanged) whenHeadingIsThere((heading) => heading.focus({ preventScroll: true }))
  })
}

function whenHeadingIsThere(act: (heading: HTMLElement) => void) {
  const present = findHeading()
  if (present) return act(present)
  const observer = new MutationObserver(() => {
    const heading = findHeading()
    if (!heading) return
    stop()
    act(heading)
  })
  const timer = setTimeout(() => stop(), 3000)
  const stop = () => {
    observer.disconnect()
    clearTimeout(timer)
  }
  observer.observe(document.body, { childList: true, subtree: true })
}

function findHeading(): HTMLElement | null {
  const heading = document.getElementById('page-title')
  return heading?.textContent?.trim() ? heading : null
}
