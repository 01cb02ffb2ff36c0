import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claim, createWorkspace, launchBrowser, openContext, operator } from './support/browser.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

let portal: Portal
let browser: Browser
let page: Page
let first: string
let second: string

beforeAll(async () => {
  portal = await startPortal()
  browser = await launchBrowser()
  const { context } = await openContext(browser)
  page = await context.newPage()
  await claim(page, portal.setupLink, operator)
  first = await createWorkspace(page, 'Alder')
  second = await createWorkspace(page, 'Birch')
})

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
})

test('GF-15 filters live in the URL, survive a reload, and clear in one step', async () => {
  await page.goto(`${portal.url}/workspaces`)
  await page.getByRole('row', { name: /Birch/ }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('ald')
  await page.waitForURL(/q=ald/)
  await page.reload()
  await page.getByRole('row', { name: /Alder/ }).waitFor()
  expect(await page.getByRole('row', { name: /Birch/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.getByRole('row', { name: /Birch/ }).waitFor()
})

test('GF-17 switching the workspace keeps the section', async () => {
  await page.goto(`${portal.url}/workspaces/${first}/settings/api-keys`)
  await page.getByRole('button', { name: /Alder. Switch workspace/ }).click()
  await page.getByRole('combobox', { name: 'Find a workspace' }).fill('birch')
  await page.getByRole('option', { name: /Birch/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(`${portal.url}/workspaces/${second}/settings/api-keys`)
  await page.getByRole('button', { name: /Birch. Switch workspace/ }).waitFor()
})

test('PR-12 the switcher leads to creating a workspace, and a taken slug is told at its field', async () => {
  await page.getByRole('button', { name: /Switch workspace/ }).click()
  await page.getByRole('button', { name: 'Create workspace' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create workspace' })
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Alder')
  expect(await dialog.getByRole('textbox', { name: 'Slug' }).inputValue()).toBe('alder')
  await dialog.getByRole('button', { name: 'Create workspace' }).click()
  await dialog.getByRole('alert').getByText('Another workspace has or had this slug').waitFor()
  expect(await dialog.getByRole('textbox', { name: 'Slug' }).getAttribute('aria-invalid')).toBe('true')
  await page.keyboard.press('Escape')
  await page.waitForURL(`${portal.url}/workspaces`)
})

test('keys move between pages, and the heading of the new page has the focus', async () => {
  await page.goto(`${portal.url}/workspaces/${first}`)
  await page.getByRole('heading', { level: 1, name: 'Alder' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await page.waitForURL(/\/activity$/)
  await page.locator('h1:focus', { hasText: 'Activity log' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /Search pages/ }).fill('Your profile')
  await page.keyboard.press('Enter')
  await page.locator('h1:focus', { hasText: 'Your profile' }).waitFor()
})

test('a single key typed into a field is text', async () => {
  await page.goto(`${portal.url}/me`)
  await page.getByRole('textbox', { name: 'Name' }).fill('')
  await page.keyboard.type('gw?c')
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('gw?c')
  expect(new URL(page.url()).pathname).toBe('/me')
})

test('a server that stops answering is told, and the page comes back with it', async () => {
  await page.route('**/v1/workspaces?*', (route) => route.abort())
  await page.goto(`${portal.url}/workspaces`)
  await page.getByRole('alert').getByText('Freehold cannot be reached').waitFor()
  await page.unroute('**/v1/workspaces?*')
  await page.getByRole('button', { name: 'Retry' }).click()
  await page.getByRole('row', { name: /Birch/ }).waitFor()
})

test('GF-25 an address that is no page is answered by the portal with 404, and a missing asset never by a page', async () => {
  const answer = await page.goto(`${portal.url}/nowhere/at/all`)
  expect(answer?.status()).toBe(404)
  await page.getByText('It may have moved, or you may not have access.').waitFor()
  const asset = await page.request.get(`${portal.url}/assets/gone.js`, { headers: { accept: 'text/html' } })
  expect([asset.status(), asset.headers()['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8'])
})
