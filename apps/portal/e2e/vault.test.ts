import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claim, createWorkspace, launchBrowser, openContext, operator } from './support/browser.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

let portal: Portal
let browser: Browser
let page: Page
let faults: string[]
let vault: string
let api: string
let workspaceId: string

const ssn = '078-05-1120'

beforeAll(async () => {
  portal = await startPortal()
  browser = await launchBrowser()
  const opened = await openContext(browser)
  faults = opened.faults
  page = await opened.context.newPage()
  await claim(page, portal.setupLink, operator)
  workspaceId = await createWorkspace(page, 'Vaults')
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
  vault = `${portal.url}/workspaces/${workspaceId}/vault`
  api = `${portal.url}/v1/workspaces/${workspaceId}`
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
})

// A note in the corner is a dialog too, of those that do not ask anything.
const dialog = () => page.getByRole('dialog').and(page.locator('.dialog'))
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const confirm = (name: string) => dialog().last().getByRole('button', { name, exact: true }).click()
const closed = () => dialog().waitFor({ state: 'detached' })
const rows = () => page.getByRole('rowgroup').getByRole('row')
const firstCells = () => rows().evaluateAll((all) => all.map((row) => row.querySelector('[role=cell]')?.textContent ?? ''))

async function choose(scope: { getByRole: Page['getByRole'] }, label: string, option: string) {
  await scope.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

async function send(method: string, path: string, data?: object): Promise<Record<string, unknown>> {
  const response = await page.context().request.fetch(api + path, { method, headers: { origin: portal.url }, ...(data && { data }) })
  if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`)
  return (response.status() === 204 ? {} : await response.json()) as Record<string, unknown>
}

test('GF-10 a faulty schema is told under its field, and a collection is created from the example', async () => {
  await page.goto(vault)
  await page.getByRole('heading', { name: 'No collections yet' }).waitFor()
  expect(await page.getByRole('region', { name: 'Terminal' }).textContent()).toContain(workspaceId)
  await page.locator('h1').focus()
  await page.keyboard.press('c')
  await dialog().getByLabel('Name').fill('people')
  const schema = dialog().getByLabel('JSON Schema')
  const example = await schema.inputValue()
  await schema.fill('{"type": "object",')
  await confirm('Create collection')
  await dialog().getByText('This is not JSON').waitFor()
  await schema.fill('{"type": "object", "properties": {"name": {"type": "strnig"}}}')
  await confirm('Create collection')
  await dialog().getByRole('alert').getByText('/properties/name').first().waitFor()
  await schema.fill(example)
  await dialog().getByLabel('Indexes').fill('name\nnothing')
  await confirm('Create collection')
  await dialog().getByRole('alert').getByText('Index 2').waitFor()
  await dialog().getByLabel('Indexes').fill('name\ntier, age desc')
  await confirm('Create collection')
  await page.getByRole('heading', { level: 1, name: 'people' }).waitFor()
  await page.getByRole('heading', { name: 'No records yet' }).waitFor()
}, 60_000)

test('GF-10 the schema makes the form; a fault is told under its field, and the sensitive value is masked', async () => {
  await button('New record').click()
  await confirm('Store record')
  await dialog().getByRole('alert').getByText('It is required.').waitFor()
  await dialog().getByLabel('name').fill('Ada')
  await dialog().getByLabel('email').fill('nobody')
  await choose(dialog(), 'tier', 'pro')
  await dialog().getByLabel('age').fill('36')
  await choose(dialog(), 'active', 'true')
  await dialog().getByLabel('joined').fill('2026-01-31')
  await dialog().getByLabel(/ssn/).fill(ssn)
  await confirm('Store record')
  await dialog().getByRole('alert').waitFor()
  await dialog().getByLabel('email').fill('ada@freehold.test')
  await confirm('Store record')
  await closed()
  await page.getByRole('row', { name: /Ada/ }).getByText('36').waitFor()
  await page.getByText('1 record', { exact: true }).waitFor()
  expect(await page.content()).not.toContain(ssn)
}, 60_000)

test('GF-10 sort and filter are in the URL and survive a reload; the pages lead on', async () => {
  for (let number = 0; number < 30; number++) {
    await send('POST', '/vault/collections/people/records', { data: { name: `Person ${number}`, age: number, tier: 'basic' } })
  }
  await page.getByText('31 records').waitFor()
  await button('age').click()
  await expect.poll(firstCells).toContain('Person 0')
  expect((await firstCells())[0]).toBe('Person 0')
  await button('age').click()
  await expect.poll(async () => (await firstCells())[0]).toBe('Ada')
  expect(await page.getByRole('columnheader', { name: 'age' }).getAttribute('aria-sort')).toBe('descending')
  await button('Next page').click()
  await expect.poll(async () => (await firstCells()).length).toBe(6)
  expect((await firstCells()).at(-1)).toBe('Person 0')
  await page.reload()
  await expect.poll(async () => (await firstCells()).at(-1)).toBe('Person 0')
  await button('First page').click()
  await expect.poll(async () => (await firstCells()).length).toBe(25)

  const bar = page.getByRole('search', { name: 'Filter records' })
  await choose(bar, 'Field', 'age')
  await choose(bar, 'Comparison', 'less than')
  await bar.getByLabel('Value').fill('3')
  await button('Add filter').click()
  await page.getByText('3 records of 31').waitFor()
  await page.reload()
  await expect.poll(firstCells).toEqual(['Person 2', 'Person 1', 'Person 0'])
  await choose(bar, 'Field', 'ssn')
  await bar.getByLabel('Value').fill(ssn)
  await button('Add filter').click()
  await page.getByRole('heading', { name: 'No record matches' }).waitFor()
  await button('Clear filters').click()
  await page.getByText('31 records').waitFor()
}, 60_000)

test('GF-10 what changed since it was opened is refused and can be reloaded; the mask keeps its value', async () => {
  await page.goto(`${vault}/people?sort=-age`)
  await page.getByRole('link', { name: 'Ada' }).click()
  await dialog().getByLabel('age').waitFor()
  const id = new URL(page.url()).searchParams.get('id')
  const path = `/vault/collections/people/records/${id}`
  const { data } = (await send('GET', path)) as { data: object }
  await send('PUT', path, { data: { ...data, age: 37 } })
  await dialog().getByLabel('age').fill('99')
  await confirm('Save')
  await dialog().getByText('Somebody changed this record').waitFor()
  await confirm('Reload the record')
  await expect.poll(() => dialog().getByLabel('age').inputValue()).toBe('37')
  await dialog().getByLabel('age').fill('38')
  await confirm('Save')
  await closed()
  await page.getByRole('row', { name: /Ada/ }).getByText('38').waitFor()
  const { values } = await send('POST', `${path}/reveal`, { fields: ['ssn'], reason: 'A test' })
  expect(values).toEqual({ ssn })
}, 60_000)

test('PR-04 a reveal asks for a reason, shows the value, and leaves nothing of it', async () => {
  await page.getByRole('link', { name: 'Ada' }).click()
  await button('Reveal ssn').click()
  await confirm('Reveal value')
  await dialog().last().getByRole('alert').waitFor()
  await dialog().last().getByLabel('Reason').fill('Chargeback 4711')
  await confirm('Reveal value')
  await expect.poll(() => page.getByTestId('secret').textContent()).toBe(ssn)
  await page.getByText(/It hides in \d+ s/).waitFor()
  await confirm('Done')
  await page.getByTestId('secret').waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await closed()
  const kept = await page.evaluate(() =>
    JSON.stringify([
      document.documentElement.outerHTML,
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      history.state,
      location.href,
    ]),
  )
  expect(kept).not.toContain(ssn)
  const events = (await send('GET', '/audit?limit=20')) as unknown as { action: string }[]
  expect(JSON.stringify(events)).toContain('Chargeback 4711')
  expect(JSON.stringify(events)).not.toContain(ssn)
}, 60_000)

test('GF-10 a file is looked at before it is stored, and the lines that do not fit are told', async () => {
  await button('Import').click()
  const file = { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from('name,age\nGrace,40\nNobody,old\n') }
  await dialog().getByLabel('File to import').setInputFiles(file)
  await dialog().getByRole('list', { name: 'Refused lines' }).getByText('Line 3').waitFor()
  await confirm('Import the other 1 record')
  await closed()
  await page.getByText('32 records').waitFor()
  await button('More for people').click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export as CSV' }).click()
  expect((await download).suggestedFilename()).toBe('people.csv')
}, 60_000)

test('GF-10 a breaking schema is told with what it breaks, and applied only after that', async () => {
  await page.goto(`${vault}/people?tab=schema`)
  await page.getByText('Ready').first().waitFor()
  await button('More for people').click()
  await page.getByRole('menuitem', { name: /Edit schema/ }).click()
  const schema = dialog().getByLabel('JSON Schema')
  await schema.fill((await schema.inputValue()).replace('"minimum": 0', '"minimum": 1'))
  await confirm('Save')
  await dialog().getByRole('list', { name: 'Breaking changes' }).getByText('/age').waitFor()
  await confirm('Apply all the same')
  await dialog().getByRole('alert').first().waitFor()
  await schema.fill((await schema.inputValue()).replace('"minimum": 1', '"minimum": -1'))
  await confirm('Save')
  await closed()
  await page.getByRole('region', { name: 'Schema, version 2' }).getByText('-1').waitFor()
}, 60_000)

test('GF-10 a record is deleted, a viewer is told why not, and a collection is dropped by its name', async () => {
  await page.goto(`${vault}/people?sort=-age`)
  const row = page.getByRole('row', { name: /Ada/ })
  await row.getByRole('button', { name: /^More for record/ }).click()
  await page.getByRole('menuitem', { name: 'Delete…' }).click()
  await confirm('Delete record')
  await closed()
  await row.waitFor({ state: 'detached' })

  const { token } = await send('POST', '/invitations', { email: 'vera@freehold.test', role: 'view' })
  const { context: theirs } = await openContext(browser)
  await theirs.request.post(`${portal.url}/v1/invitations/accept`, {
    headers: { origin: portal.url },
    data: { token, name: 'Vera', password: 'a long enough password' },
  })
  const viewer = await theirs.newPage()
  await viewer.goto(`${vault}/people?sort=age`)
  await viewer.getByRole('link', { name: 'Person 0' }).click()
  const save = viewer.getByRole('dialog').getByRole('button', { name: 'Save' })
  await save.waitFor()
  expect(await save.getAttribute('aria-disabled')).toBe('true')
  await viewer.keyboard.press('Escape')
  const create = viewer.getByRole('button', { name: 'New record' })
  expect(await create.getAttribute('aria-disabled')).toBe('true')
  await viewer.getByText('It needs the permission write.').first().waitFor({ state: 'attached' })
  await theirs.close()

  await page.goto(vault)
  await button('Drop people').click()
  await dialog().getByText('31 records').waitFor()
  expect(await dialog().getByRole('button', { name: 'Drop collection' }).isDisabled()).toBe(true)
  await dialog().getByLabel('Type people to confirm').fill('people')
  await confirm('Drop collection')
  await page.getByRole('heading', { name: 'No collections yet' }).waitFor()
}, 60_000)

test('no page broke the Content-Security-Policy or threw', () => expect(faults).toEqual([]))
