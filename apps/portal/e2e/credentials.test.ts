import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claim, createWorkspace, launchBrowser, openContext, operator } from './support/browser.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

const token = 'tok_0123456789abcdefghij'

let portal: Portal
let browser: Browser
let page: Page
let faults: string[]
let credentials: string
let service: Server
let address: string

beforeAll(async () => {
  // A service that knows one token.
  service = createServer((request, response) => {
    response.writeHead(request.headers.authorization === `Bearer ${token}` ? 200 : 401).end()
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  portal = await startPortal({ FREEHOLD_EGRESS_ALLOW: '127.0.0.0/8' })
  browser = await launchBrowser()
  const opened = await openContext(browser)
  faults = opened.faults
  page = await opened.context.newPage()
  await claim(page, portal.setupLink, operator)
  const id = await createWorkspace(page, 'Alder')
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
  credentials = `${portal.url}/workspaces/${id}/settings/credentials`
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
  service?.close()
})

// A note in the corner is a dialog too, of those that do not ask anything.
const dialog = () => page.getByRole('dialog').and(page.locator('.dialog'))
const button = (name: string) => page.getByRole('button', { name, exact: true })
const confirm = (name: string) => dialog().getByRole('button', { name, exact: true }).click()
const row = (name: string) => page.getByRole('row', { name: new RegExp(name) })
const closed = () => dialog().waitFor({ state: 'detached' })

async function more(name: string, item: string) {
  await button(`More for ${name}`).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function add(name: string, secret: string) {
  await button('Add credential').click()
  await confirm('HTTP bearer token')
  await dialog().getByLabel('Name').fill(name)
  await dialog().getByLabel('Base URL').fill(address)
  await dialog().getByLabel('Token').fill(secret)
  await confirm('Add credential')
  await closed()
}

test('a credential is added by the form of its type, its secret masked, and the first is the default', async () => {
  await page.goto(credentials)
  await page.getByRole('heading', { name: 'No credentials yet' }).waitFor()
  await page.keyboard.press('c')
  await confirm('PostgreSQL')
  expect(await dialog().getByLabel('Port').inputValue()).toBe('5432')
  await confirm('Add credential')
  await dialog().getByRole('alert').getByText('Enter the password.').waitFor()
  await confirm('Back')
  await confirm('HTTP bearer token')
  await dialog().getByLabel('Name').fill('Orders')
  await dialog().getByLabel('Base URL').fill('ftp://nowhere')
  await dialog().getByLabel('Token').fill(token)
  await confirm('Add credential')
  await dialog().getByLabel('Base URL').and(page.locator('[aria-invalid=true]')).waitFor()
  await dialog().getByLabel('Base URL').fill(address)
  await confirm('Add credential')
  await closed()
  await row('Orders').getByText('tok_************ghij').waitFor()
  await row('Orders').getByText('Default').waitFor()
  await row('Orders').getByText('Not checked yet').waitFor()
  const left = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage, history.state]))
  expect(left).not.toContain(token)
})

test('a check connects, and says what was found and what to do', async () => {
  await button('Check Orders').click()
  await row('Orders').getByText('Works').waitFor()
  await add('Wrong', 'tok_of-somebody-else-entirely')
  await button('Check Wrong').click()
  await row('Wrong').getByText('Failed').waitFor()
  expect(await row('Wrong').getByRole('status').textContent()).toMatch(/refused|401/i)
})

test('another address clears the secret, which the form says before', async () => {
  await more('Orders', 'Edit…')
  expect(await dialog().getByLabel('Token').getAttribute('placeholder')).toBe('tok_************ghij')
  await dialog().getByLabel('Base URL').fill(`${address}/elsewhere`)
  await dialog().getByRole('alert').getByText('Changing Base URL clears the stored secret').waitFor()
  await dialog().getByLabel('Base URL').fill(address)
  await dialog().getByRole('alert').waitFor({ state: 'detached' })
  await dialog().getByLabel('Base URL').fill(`${address}/elsewhere`)
  await confirm('Save')
  await closed()
  await row('Orders').getByText('Missing', { exact: true }).waitFor()
  expect(await button('Check Orders').getAttribute('aria-disabled')).toBe('true')

  await more('Orders', 'Edit…')
  await dialog().getByLabel('Token').fill(token)
  await confirm('Save')
  await closed()
  await button('Check Orders').click()
  await row('Orders').getByText('Works').waitFor()
})

test('another becomes the default, filters live in the URL, and a credential is deleted', async () => {
  await more('Wrong', 'Make default…')
  await confirm('Make default')
  await closed()
  await row('Wrong').getByText('Default').waitFor()
  expect(await row('Orders').getByText('Default').count()).toBe(0)
  await page.goto(`${credentials}?q=wro`)
  await row('Wrong').waitFor()
  expect(await row('Orders').count()).toBe(0)
  await more('Wrong', 'Delete…')
  await dialog().getByText('no other takes its place').waitFor()
  await confirm('Delete credential')
  await page.getByRole('heading', { name: 'No credential matches' }).waitFor()
})

test('no page above broke the Content-Security-Policy or threw', () => {
  expect(faults).toEqual([])
})
