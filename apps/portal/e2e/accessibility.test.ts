import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findOverflow, findViolations } from './support/accessibility.ts'
import { claim, createWorkspace, launchBrowser, openContext, operator } from './support/browser.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

let portal: Portal
let browser: Browser
let workspaceId: string
let accountId: string
let storageState: Awaited<ReturnType<BrowserContext['storageState']>>

beforeAll(async () => {
  portal = await startPortal()
  browser = await launchBrowser()
  const { context } = await openContext(browser)
  const page = await context.newPage()
  await claim(page, portal.setupLink, operator)
  workspaceId = await createWorkspace(page, 'A workspace with a name that is rather long, as names of workspaces are')
  const headers = { origin: portal.url, 'content-type': 'application/json' }
  await context.request.post(`${portal.url}/v1/workspaces/${workspaceId}/api-keys`, {
    headers,
    data: { name: 'ci', description: 'Builds' },
  })
  await context.request.post(`${portal.url}/v1/me/tokens`, { headers, data: { name: 'laptop' } })
  const accounts = (await (await context.request.get(`${portal.url}/v1/accounts`)).json()) as { id: string }[]
  accountId = accounts[0]?.id ?? ''
  storageState = await context.storageState()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
})

type State = { name: string; path: () => string; open?: (page: Page) => Promise<void> }

const W = () => `/workspaces/${workspaceId}`
const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
const whenIdle = (page: Page) => page.locator('h1').first().waitFor()

const states: State[] = [
  { name: 'workspaces', path: () => '/workspaces' },
  { name: 'workspaces, nothing found', path: () => '/workspaces?q=nothing-of-that-name' },
  { name: 'create workspace', path: () => '/workspaces?new=true' },
  { name: 'status filter', path: () => '/workspaces', open: (page) => page.getByRole('combobox', { name: 'Status' }).click() },
  { name: 'command menu', path: () => '/workspaces', open: async (page) => (await whenIdle(page), page.keyboard.press('Control+k')) },
  { name: 'shortcuts', path: () => '/workspaces', open: async (page) => (await whenIdle(page), page.keyboard.press('?')) },
  { name: 'overview', path: W },
  { name: 'actions', path: W, open: press('Actions') },
  { name: 'switcher', path: W, open: press(/Switch workspace/) },
  { name: 'user menu', path: W, open: press(/menu of/) },
  { name: 'freeze', path: () => `${W()}?action=freeze` },
  { name: 'changelog', path: () => `${W()}/activity`, open: (page) => page.locator('main li button').first().click() },
  { name: 'chain', path: () => `${W()}/activity`, open: press('Verify chain') },
  { name: 'settings', path: () => `${W()}/settings` },
  { name: 'API keys', path: () => `${W()}/settings/api-keys` },
  { name: 'create key', path: () => `${W()}/settings/api-keys?new=true` },
  { name: 'revoke key', path: () => `${W()}/settings/api-keys`, open: press('Revoke ci') },
  { name: 'activity log', path: () => '/activity' },
  { name: 'account', path: () => `/accounts/${accountId}` },
  { name: 'profile', path: () => '/me' },
  { name: 'create token', path: () => '/me?new=true' },
  { name: 'not found', path: () => '/workspaces/01890000-0000-7000-8000-000000000000' },
]
const publicStates: State[] = [
  { name: 'sign in', path: () => '/login' },
  { name: 'sign in, refused', path: () => '/login', open: press('Sign in') },
  { name: 'setup, claimed already', path: () => '/setup#token=none' },
]

const looks = (['light', 'dark'] as const).flatMap((theme) => [1440, 390].map((width) => ({ theme, width })))

describe.each(looks)('$theme at $width px', ({ theme, width }) => {
  test.each([...publicStates, ...states])(
    '$name has no accessibility fault, no overflow and no policy breach',
    async (state) => {
      const signedIn = states.includes(state)
      const { context, faults } = await openContext(browser, {
        viewport: { width, height: 844 },
        colorScheme: theme,
        hasTouch: width < 500,
        ...(signedIn && { storageState }),
      })
      const page = await context.newPage()
      await show(page, state)
      expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe(theme)
      expect([...(await findViolations(page)), ...(await findOverflow(page)), ...faults]).toEqual([])
      await context.close()
    },
    20_000,
  )
})

test('nothing is wider than a window of 320 px', async () => {
  const { context } = await openContext(browser, { viewport: { width: 320, height: 640 }, hasTouch: true, storageState })
  const page = await context.newPage()
  const wide: string[] = []
  for (const state of states) {
    await show(page, state)
    wide.push(...(await findOverflow(page)).map((box) => `${state.name}: ${box}`))
  }
  expect(wide).toEqual([])
  await context.close()
}, 60_000)

async function show(page: Page, { path, open }: State) {
  await page.goto(portal.url + path())
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => document.querySelector('.skeleton') === null)
  await open?.(page)
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
}
