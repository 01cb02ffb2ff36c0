import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violation = { id: string; impact: string | null; nodes: { html: string }[] }
type Axe = { run: (context: object, options: object) => Promise<{ violations: Violation[] }> }

/**
 * Everything that axe finds against WCAG 2.2 AA and its best practices, a line each. Two exceptions, both of Base UI: its focus guards,
 * and `region` while a menu or list box hangs outside the landmarks, as such pop-ups must. `onlyRules` names the rules to hold it against, all of them unless told.
 */
export async function findViolations(page: Page, onlyRules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async (only) => {
    const { axe } = window as unknown as { axe: Axe }
    const floating = document.querySelector('[role=menu], [role=presentation] [role=listbox]') !== null
    const { violations } = await axe.run(
      { exclude: [['[data-base-ui-focus-guard]']] },
      {
        ...(only ? {} : { rules: { region: { enabled: !floating } } }),
        runOnly: only ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      },
    )
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`))
  }, onlyRules)
}

/** What is wider than its window or its box. */
export function findOverflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const boxes = [document.documentElement, ...document.querySelectorAll('main, [role=dialog], [role=menu]')]
    return boxes
      .filter((box) => box.scrollWidth > box.clientWidth + 1)
      .map((box) => `${box.tagName} ${box.scrollWidth} > ${box.clientWidth}`)
  })
}
