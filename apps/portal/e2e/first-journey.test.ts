import { execFileSync } from 'node:child_process'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claim, createWorkspace, launchBrowser, openContext, operator, signIn } from './support/browser.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

let portal: Portal
let browser: Browser
let context: BrowserContext
let page: Page
let faults: string[]

beforeAll(async () => {
  portal = await startPortal()
  browser = await launchBrowser()
  ;({ context, faults } = await openContext(browser))
  page = await context.newPage()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
})

test('the setup link claims the first operator once, and its token never leaves the fragment', async () => {
  const requested: string[] = []
  page.on('request', (request) => requested.push(request.url()))
  await claim(page, portal.setupLink, operator)
  await page.getByRole('heading', { name: 'Create your first workspace' }).waitFor()

  const token = portal.setupLink.split('token=')[1] ?? ''
  expect(requested.filter((url) => url.includes(token) && !url.includes('#'))).toEqual([])
  await page.goto(portal.setupLink)
  await page.getByText('has already been claimed').waitFor()
}, 30_000)

test('a wrong password is told in the form, and the right one leads to where one wanted to go', async () => {
  await page.goto(portal.url)
  await signOut(page)
  await page.goto(`${portal.url}/activity`)
  await page.waitForURL(/\/login\?next=/)
  await signIn(page, { ...operator, password: 'not the password' })
  await page.getByRole('alert').getByText('Email or password is not right').waitFor()
  await signIn(page, operator)
  await page.getByRole('heading', { level: 1, name: 'Activity log' }).waitFor()
}, 30_000)

test('GF-14 PR-12 a new workspace opens with its steps, and a list in another tab shows it turning active by itself', async () => {
  const list = await context.newPage()
  await list.goto(`${portal.url}/workspaces`)
  await list.locator('[data-live=live]').waitFor()

  const id = await createWorkspace(page, 'First Journey')
  const steps = page.getByRole('list', { name: 'Provisioning steps' }).getByRole('listitem')
  await steps.first().waitFor()
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
  expect(await steps.evaluateAll((items) => items.map((item) => item.dataset['status']))).not.toContain('failed')
  for (const environment of ['dev', 'staging', 'prod'])
    await page.getByRole('article').getByText(environment, { exact: true }).first().waitFor()

  const row = list.getByRole('row', { name: /First Journey/ })
  await row.getByText('Active').waitFor()
  expect(await row.getByRole('link', { name: 'First Journey' }).getAttribute('href')).toBe(`/workspaces/${id}`)
  await list.close()
}, 30_000)

test('GF-16 freezing says what will happen, shows when it holds, and can be taken back', async () => {
  await page.getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('menuitem', { name: 'Freeze workspace' }).click()
  await page.getByRole('dialog').getByText('Every change is refused').waitFor()
  await page.getByRole('button', { name: 'Freeze workspace' }).click()
  await page.getByText('This workspace is frozen.').waitFor()
  await page.getByRole('button', { name: 'Unfreeze' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Unfreeze workspace' }).click()
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
}, 30_000)

test('AM-04 a key is shown once, its snippet runs as it stands, and nothing of it stays behind', async () => {
  const id = new URL(page.url()).pathname.split('/')[2]
  await page.goto(`${portal.url}/workspaces/${id}/settings/api-keys`)
  await page.getByRole('button', { name: 'Create key' }).click()
  await page.getByLabel('Name').fill('ci')
  await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click()

  const secret = (await page.getByTestId('secret').textContent()) ?? ''
  expect(secret).toMatch(/^fhk_/)
  const snippet = (await page.getByRole('region', { name: 'Try it' }).textContent()) ?? ''
  const answer: unknown = JSON.parse(execFileSync('sh', ['-c', snippet.replace('curl', 'curl -sS')], { encoding: 'utf8' }))
  expect(answer).toMatchObject({ id, name: 'First Journey' })

  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('You have not copied it').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: /ci/ }).waitFor()
  const left = await page.evaluate(() =>
    [document.documentElement.outerHTML, location.href, Object.entries(localStorage), Object.entries(sessionStorage)].join(),
  )
  expect(left).not.toContain(secret)
}, 30_000)

test('a revoked key disappears from the list and is refused', async () => {
  await page.getByRole('button', { name: 'Revoke ci' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click()
  await page.getByRole('heading', { name: 'No API keys yet' }).waitFor()
}, 30_000)

test('AM-01 name and description change in the settings, the changelog tells, and its chain verifies', async () => {
  const id = new URL(page.url()).pathname.split('/')[2]
  await page.goto(`${portal.url}/workspaces/${id}/settings`)
  await page.getByRole('textbox', { name: 'Name' }).fill('Second Journey')
  await page.getByRole('textbox', { name: 'Description' }).fill('Where it goes on')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Settings saved').waitFor()

  await page.goto(`${portal.url}/workspaces/${id}/activity`)
  await page
    .getByRole('button', { name: /changed settings of/ })
    .first()
    .click()
  await page.getByRole('cell', { name: 'Where it goes on' }).waitFor()
  await page.getByRole('button', { name: 'Verify chain' }).click()
  await page.getByText('The chain is whole').waitFor()
}, 30_000)

test('GF-25 another id answers the page for what is not there', async () => {
  await page.goto(`${portal.url}/workspaces/01890000-0000-7000-8000-000000000000`)
  await page.getByText('It may have moved, or you may not have access.').waitFor()
})

test('a session that ends elsewhere asks for the password over the page, and what was typed stays', async () => {
  await page.goto(`${portal.url}/workspaces?new=true`)
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  await name.fill('Typed before the end')
  await context.request.delete(`${portal.url}/v1/session`, { headers: { origin: portal.url } })
  await page.getByRole('dialog').getByRole('button', { name: 'Create workspace' }).click()
  const relogin = page.getByRole('dialog', { name: 'Your session has ended' })
  await relogin.getByLabel('Password').fill(operator.password)
  await relogin.getByRole('button', { name: 'Sign in', exact: true }).click()
  await relogin.waitFor({ state: 'detached' })
  expect(await name.inputValue()).toBe('Typed before the end')
}, 30_000)

test('signing out ends the session on the server', async () => {
  await page.goto(`${portal.url}/workspaces`)
  await signOut(page)
  expect((await context.request.get(`${portal.url}/v1/me`)).status()).toBe(401)
}, 30_000)

test('no page broke the Content-Security-Policy or threw', () => expect(faults).toEqual([]))

async function signOut(on: Page) {
  await on.getByRole('button', { name: /menu of/ }).click()
  await on.getByRole('menuitem', { name: 'Sign out' }).click()
  await on.getByRole('heading', { level: 1, name: 'Sign in to Freehold' }).waitFor()
}
