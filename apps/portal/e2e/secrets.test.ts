import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillAccess } from './support/access-data.ts'
import { claim, createWorkspace, launchBrowser, openContext, operator } from './support/browser.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

let portal: Portal
let browser: Browser
let context: BrowserContext
let page: Page
let faults: string[]
let id: string
let other: string

beforeAll(async () => {
  portal = await startPortal()
  browser = await launchBrowser()
  const opened = await openContext(browser)
  context = opened.context
  faults = opened.faults
  page = await context.newPage()
  await page.clock.install()
  await claim(page, portal.setupLink, operator)
  id = await createWorkspace(page, 'Alder')
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
  other = await createWorkspace(page, 'Birch')
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
})

const secrets = () => `${portal.url}/workspaces/${id}/secrets`
// A note in the corner is a dialog too, of those that do not ask anything.
const dialog = () => page.getByRole('dialog').and(page.locator('.dialog'))
const button = (name: string) => page.getByRole('button', { name, exact: true })
const confirm = (name: string) => dialog().getByRole('button', { name, exact: true }).click()
const row = (key: string) => page.getByRole('row', { name: new RegExp(key) })
const closed = () => dialog().waitFor({ state: 'detached' })

async function choose(label: string, option: string, within = dialog()) {
  await within.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

async function more(key: string, item: string) {
  await button(`More for ${key}`).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function reveal(key: string): Promise<string | null> {
  await button(`Reveal ${key}`).click()
  await confirm('Reveal value')
  return page.getByTestId('secret').textContent()
}

async function hide() {
  await button('Done').click()
  await closed()
}

/** Where a page could leave a text behind. */
const traces = () =>
  page.evaluate(() => document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage, history.state, location.href]))

const value = 'correct horse  battery\n  staple'

test('GF-17 the picker keeps the section when the workspace is switched, and the workspace across sections and reloads', async () => {
  await page.goto(secrets())
  await page.getByRole('button', { name: /Alder. Switch workspace/ }).click()
  await page.getByRole('combobox', { name: 'Find a workspace' }).fill('birch')
  await page.getByRole('option', { name: /Birch/ }).click()
  await page.waitForURL(`${portal.url}/workspaces/${other}/secrets`)
  for (const [label, section] of [
    ['Files', 'files'],
    ['Data Vault', 'vault'],
    ['Secrets', 'secrets'],
  ] as const) {
    await page.getByRole('link', { name: label, exact: true }).click()
    await page.waitForURL(`${portal.url}/workspaces/${other}/${section}`)
    await page.reload()
    await page.getByRole('button', { name: /Birch. Switch workspace/ }).waitFor()
  }
  await page.goto(`${portal.url}/activity`)
  await page.getByRole('link', { name: 'Secrets', exact: true }).click()
  await page.waitForURL(`${portal.url}/workspaces/${other}/secrets`)
})

test('GF-18 a secret is stored by the keyboard, is in no page and no storage, is revealed on the record, and hides by itself', async () => {
  await page.goto(secrets())
  await page.getByRole('heading', { name: 'No secrets yet' }).waitFor()
  expect(await page.getByRole('region', { name: 'Run a program' }).textContent()).toBe(`freehold run ${id} -- npm start`)
  await page.keyboard.press('c')
  await dialog().getByLabel('Key').fill('2FAST')
  await confirm('Store secret')
  await dialog().getByRole('alert').getByText('do not begin with a digit').waitFor()
  await dialog().getByLabel('Key').fill('DATABASE_PASSWORD')
  await dialog().getByLabel('Value').fill(value)
  await dialog().getByLabel('Description').fill('Of the orders database')
  await choose('Category', 'Runner')
  await choose('Remind to rotate', 'Every 90 days')
  await confirm('Store secret')
  await closed()
  await row('DATABASE_PASSWORD').getByText('Runner · Of the orders database').waitFor()
  await row('DATABASE_PASSWORD').getByText('Never').waitFor()
  expect(await traces()).not.toContain('staple')

  expect(await reveal('DATABASE_PASSWORD')).toBe(value)
  await page.locator('button:focus', { hasText: 'Copy' }).waitFor()
  await page.keyboard.press('Escape')
  expect(await page.getByTestId('secret').count()).toBe(1)
  await page.clock.fastForward(31_000)
  await closed()
  expect(await traces()).not.toContain('staple')
  await row('DATABASE_PASSWORD').getByText('by Operator').last().waitFor()

  await page.goto(`${portal.url}/workspaces/${id}/activity`)
  await page.getByText('revealed secret').waitFor()
})

test('GF-18 an environment has a value of its own beside the shared one, and both lists tell', async () => {
  await page.goto(`${secrets()}?environment=dev`)
  await row('DATABASE_PASSWORD').getByText('Shared', { exact: true }).waitFor()
  await more('DATABASE_PASSWORD', 'Override here…')
  await dialog().getByLabel('Value').fill('only-dev')
  await confirm('Store secret')
  await closed()
  await row('DATABASE_PASSWORD').getByText('Overrides the shared value').waitFor()
  expect(await reveal('DATABASE_PASSWORD')).toBe('only-dev')
  await hide()
  await page.goto(secrets())
  await row('DATABASE_PASSWORD')
    .getByText(/Overridden in dev/i)
    .waitFor()
  expect(await reveal('DATABASE_PASSWORD')).toBe(value)
  await hide()
})

test('a key that is taken is told at its field', async () => {
  await button('New secret').click()
  await dialog().getByLabel('Key').fill('DATABASE_PASSWORD')
  await dialog().getByLabel('Value').fill('x')
  await confirm('Store secret')
  await dialog().getByRole('alert').getByText('There is a secret of this key already').waitFor()
  await confirm('Cancel')
  await closed()
})

test('GF-18 a new value keeps the one before for a while, and a version before comes back', async () => {
  await more('DATABASE_PASSWORD', 'Edit…')
  await dialog().getByLabel('New value').fill('second')
  await choose('The value before ends', 'After 1 hour')
  await confirm('Save')
  await closed()
  await row('DATABASE_PASSWORD')
    .getByText(/v1 ends in/)
    .waitFor()
  await more('DATABASE_PASSWORD', 'Versions…')
  await button('Roll back to version 1').click()
  await confirm('Roll back')
  await dialog().getByText('v3').waitFor()
  expect(await dialog().getByRole('listitem').count()).toBe(3)
  await confirm('Close')
  await closed()
  expect(await reveal('DATABASE_PASSWORD')).toBe(value)
  await hide()
})

test('two who change one secret do not overwrite each other', async () => {
  await more('DATABASE_PASSWORD', 'Edit…')
  await dialog().getByLabel('Description').fill('Mine')
  const answer = await context.request.put(`${portal.url}/v1/workspaces/${id}/secrets/DATABASE_PASSWORD`, {
    headers: { origin: portal.url },
    data: { description: 'Theirs' },
  })
  expect(answer.ok()).toBe(true)
  // Behind a dialog a row is no row to assistive technology.
  await page.getByText('Theirs').waitFor()
  await confirm('Save')
  await dialog().getByRole('alert').getByText('Somebody changed this secret').waitFor()
  await confirm('Cancel')
  await closed()
})

test('GF-18 an import is looked at before it is done, and says which lines are refused', async () => {
  await button('Import').click()
  const text = dialog().getByLabel('Secrets')
  await text.fill('API_TOKEN=one\n2FAST=x\nDATABASE_PASSWORD=changed-by-import')
  await confirm('Preview')
  await dialog().getByRole('list', { name: 'Refused' }).getByText('Line 2').waitFor()
  await text.fill('{ "A": "never-shown-in-a-fault"')
  await confirm('Preview')
  const fault = dialog().getByRole('alert')
  await fault.getByText('not valid JSON').waitFor()
  expect(await fault.textContent()).not.toContain('never-shown')
  await page.getByLabel('File to import').setInputFiles({
    name: '.env',
    mimeType: 'text/plain',
    buffer: Buffer.from('API_TOKEN=one\nDATABASE_PASSWORD=changed-by-import\n'),
  })
  await confirm('Preview')
  const preview = dialog().getByRole('status')
  expect(await preview.textContent()).toMatch(/Added 1\s*API_TOKEN.*Changed 1\s*DATABASE_PASSWORD.*Unchanged 0/)
  // Behind a dialog no row is found, so the server is asked.
  const known = await context.request.get(`${portal.url}/v1/workspaces/${id}/secrets/API_TOKEN/metadata`)
  expect(known.status()).toBe(404)
  await confirm('Import 2 secrets')
  await closed()
  await row('API_TOKEN').waitFor()
  expect(await reveal('API_TOKEN')).toBe('one')
  await hide()
  expect(await traces()).not.toContain('changed-by-import')
})

test('filters live in the URL, survive a reload, and clear in one step', async () => {
  await choose('Category', 'Runner', page.getByRole('search'))
  await page.waitForURL(/category=runner/)
  await row('API_TOKEN').waitFor({ state: 'detached' })
  await page.reload()
  await row('DATABASE_PASSWORD').waitFor()
  expect(await row('API_TOKEN').count()).toBe(0)
  await button('Clear').click()
  await row('API_TOKEN').waitFor()
})

test('deleting says what will be lost, and loses it', async () => {
  await page.goto(`${secrets()}?environment=dev`)
  await more('DATABASE_PASSWORD', 'Delete…')
  await dialog().getByText('it sees the shared value').waitFor()
  await confirm('Delete secret')
  await closed()
  await row('DATABASE_PASSWORD').getByText('Shared', { exact: true }).waitFor()
})

test('a sealed installation says so', async () => {
  const sealed = { type: 'about:blank', status: 503, code: 'sealed', title: 'The installation is sealed', detail: 'It has no root key.' }
  await page.route('**/secrets/API_TOKEN*', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(sealed) }),
  )
  await button('Reveal API_TOKEN').click()
  await confirm('Reveal value')
  await dialog().getByRole('alert').getByText('It has no root key.').waitFor()
  await confirm('Cancel')
  await page.getByText('This installation is sealed.').waitFor()
  await page.unroute('**/secrets/API_TOKEN*')
  expect(await reveal('API_TOKEN')).toBe('one')
  await page.getByText('This installation is sealed.').waitFor({ state: 'detached' })
  await hide()
})

test('who may only view sees the secrets, and why they may not change or reveal them', async () => {
  const accounts = (await (await context.request.get(`${portal.url}/v1/accounts`)).json()) as { id: string }[]
  const place = { url: portal.url, workspaceId: id, accountId: accounts[0]?.id ?? '' }
  const { viewer: storageState } = await fillAccess(browser, context.request, place)
  const viewer = await openContext(browser, { storageState })
  const seen = await viewer.context.newPage()
  await seen.goto(secrets())
  for (const name of ['New secret', 'Import', 'Reveal API_TOKEN']) {
    const refused = seen.getByRole('button', { name, exact: true })
    await refused.waitFor()
    expect(await refused.getAttribute('aria-disabled'), name).toBe('true')
  }
  await seen.getByRole('button', { name: 'Reveal API_TOKEN' }).hover()
  await seen.getByText('It needs the permission reveal').last().waitFor()
  await seen.goto(`${secrets()}?new=true`)
  await seen.getByRole('row', { name: /API_TOKEN/ }).waitFor()
  expect(await seen.getByRole('dialog').count()).toBe(0)
  expect(viewer.faults).toEqual([])
  await viewer.context.close()
}, 30_000)

test('no page above broke the Content-Security-Policy or threw', () => {
  expect(faults).toEqual([])
})
