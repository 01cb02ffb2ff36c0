import { createHash, randomBytes } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillAccess } from './support/access-data.ts'
import { claim, createWorkspace, launchBrowser, openContext, operator } from './support/browser.ts'
import { dropFile, fillFiles, onePixelPng } from './support/files-data.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

let portal: Portal
let browser: Browser
let context: BrowserContext
let page: Page
let faults: string[]
let viewer: Awaited<ReturnType<BrowserContext['storageState']>>
let files: string
let api: string
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'freehold-files-'))
  portal = await startPortal()
  browser = await launchBrowser()
  ;({ context, faults } = await openContext(browser))
  page = await context.newPage()
  await claim(page, portal.setupLink, operator)
  const id = await createWorkspace(page, 'Paperwork')
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
  files = `${portal.url}/workspaces/${id}/files`
  api = `${portal.url}/v1/workspaces/${id}`
  const accounts = (await (await context.request.get(`${portal.url}/v1/accounts`)).json()) as { id: string }[]
  ;({ viewer } = await fillAccess(browser, context.request, { url: portal.url, workspaceId: id, accountId: accounts[0]?.id ?? '' }))
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
  await rm(folder, { recursive: true, force: true })
})

// A note in the corner is a dialog too, of those that do not ask anything.
const dialog = () => page.getByRole('dialog').and(page.locator('.dialog'))
const panel = () => page.getByRole('dialog').and(page.locator('.side'))
const button = (name: string) => page.getByRole('button', { name, exact: true })
const confirm = (name: string) => dialog().getByRole('button', { name, exact: true }).click()
const link = (name: string) => page.getByRole('table', { name: 'Files' }).getByRole('link', { name, exact: true })
const uploads = () => page.getByRole('region', { name: 'Uploads' })
const line = (name: string) => uploads().getByRole('listitem').filter({ hasText: name })
const pick = (paths: string | string[] | { name: string; mimeType: string; buffer: Buffer }[]) =>
  page.locator('input[type=file]').setInputFiles(paths)
const namesNow = async () => ((await (await context.request.get(`${api}/files`)).json()) as { name: string }[]).map(({ name }) => name)

async function close() {
  await panel().getByRole('button', { name: 'Close' }).click()
  await panel().waitFor({ state: 'detached' })
}

test('GF-18 two files come by the picker and one by a drop, and are listed with their size, uploader and age', async () => {
  await page.goto(files)
  await page.getByRole('heading', { name: 'No files yet' }).waitFor()
  expect(await page.getByRole('region', { name: 'Upload from a terminal' }).textContent()).toContain(`${api}/files/content?name=report.pdf`)
  await page.keyboard.press('c')
  await pick([
    { name: 'notes.md', mimeType: '', buffer: Buffer.from('# Notes\n<script>alert(1)</script>\n') },
    { name: 'figures.json', mimeType: 'application/json', buffer: Buffer.from('{"big":12345678901234567890,"list":[],"of":{"a":[1,2]}}') },
  ])
  await link('notes.md').waitFor()
  await link('figures.json').waitFor()
  await dropFile(page, { name: 'pixel.png', type: 'image/png', content: onePixelPng })
  const row = page.getByRole('row', { name: /pixel.png/ })
  await row.getByText(`${onePixelPng.length} B`).waitFor()
  await row.getByText(operator.name).waitFor()
  await row.getByText('just now').waitFor()
  await uploads().getByText('3 files uploaded').waitFor()
  await button('Clear finished').click()
  await uploads().waitFor({ state: 'detached' })
}, 60_000)

test('GF-18 a big file shows its progress, goes on after the connection broke, and has the same bytes', async () => {
  const bytes = randomBytes(20 * 1024 ** 2)
  const path = join(folder, 'big.bin')
  await writeFile(path, bytes)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  const conditions = { latency: 0, downloadThroughput: -1, uploadThroughput: 4 * 1024 ** 2 }
  await devtools.send('Network.emulateNetworkConditions', { offline: false, ...conditions })
  await pick(path)
  const bar = page.getByRole('progressbar', { name: 'Upload of big.bin' })
  const sent = async () => Number(await bar.getAttribute('value').catch(() => 0))
  await expect.poll(sent, { timeout: 20_000 }).toBeGreaterThan(0)
  await devtools.send('Network.emulateNetworkConditions', { ...conditions, offline: true })
  await line('big.bin').getByText('The connection broke').waitFor()
  const before = await sent()
  expect(before).toBeGreaterThan(0)
  await devtools.send('Network.emulateNetworkConditions', { offline: false, ...conditions, uploadThroughput: -1 })
  await line('big.bin').getByText('20 MiB', { exact: true }).waitFor({ timeout: 60_000 })
  await devtools.detach()

  await line('big.bin').getByRole('link').click()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await panel().getByText(sha256).waitFor()
  await panel().getByText('There is no preview of files of this type').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel().getByRole('button', { name: 'Download', exact: true }).click(),
  ])
  expect(download.suggestedFilename()).toBe('big.bin')
  expect(bytes.equals(await readFile((await download.path()) ?? ''))).toBe(true)
  await close()
}, 120_000)

test('GF-18 a cancelled upload leaves nothing, and a refused one says why and is tried again', async () => {
  const held = Promise.withResolvers<void>()
  await page.route('**/files/tus/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue()
    await held.promise
    await route.abort().catch(() => undefined)
  })
  const path = join(folder, 'huge.bin')
  await writeFile(path, Buffer.alloc(17 * 1024 ** 2))
  await pick(path)
  await page.getByRole('progressbar', { name: 'Upload of huge.bin' }).waitFor()
  const ended = page.waitForResponse((response) => response.request().method() === 'DELETE')
  await page.waitForRequest((request) => request.method() === 'PATCH').catch(() => undefined)
  await button('Cancel huge.bin').click()
  expect((await ended).status()).toBe(204)
  held.resolve()
  await page.unroute('**/files/tus/*')
  await line('huge.bin').waitFor({ state: 'detached' })
  expect(await namesNow()).not.toContain('huge.bin')

  await page.route('**/files/content?*', (route) => route.abort(), { times: 1 })
  await pick([{ name: 'again.txt', mimeType: 'text/plain', buffer: Buffer.from('again') }])
  await line('again.txt').getByText('Freehold cannot be reached').waitFor()
  await button('Retry again.txt').click()
  await link('again.txt').waitFor()

  await pick([{ name: 'bad\\name.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }])
  await uploads().getByText('Choose another name').waitFor()
  await uploads()
    .getByRole('button', { name: /^Cancel bad/ })
    .click()
}, 60_000)

test('GF-18 each kind has its preview, and nothing of it runs in the page', async () => {
  await fillFiles(context.request, portal.url, api)
  await page.goto(files)
  await link('notes.md').click()
  await panel().getByText('<script>alert(1)</script>').waitFor()
  await close()
  await link('figures.json').click()
  // Beyond what a number of JavaScript holds.
  await panel().getByText('"big": 12345678901234567890,').waitFor()
  await panel().getByText('"list": [],').waitFor()
  await close()
  await link('pixel.png').click()
  const image = panel().getByRole('img', { name: 'Preview of pixel.png' })
  await expect.poll(() => image.evaluate((drawn) => (drawn as HTMLImageElement).naturalWidth)).toBe(1)
  await close()

  await page.getByRole('link', { name: 'reports', exact: true }).click()
  await page.waitForURL(/path=reports/)
  await link('drawing.svg').click()
  await panel().getByText('<svg xmlns=').waitFor()
  expect(await panel().locator('svg image, iframe, object, embed').count()).toBe(0)
  await close()
  await link('page.html').click()
  await panel().getByText('<script>parent.hacked = true</script>').waitFor()
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  await close()
  await link('contract.pdf').click()
  await panel().getByText('PDFs are not opened inside Freehold').waitFor()
  await close()
  await link('long.log').click()
  await panel().getByText('texts are shown up to 1 MiB').waitFor()
  await close()
}, 60_000)

test('GF-18 folders lead down and up again, keep their place in the URL, and are paged and filtered', async () => {
  await page.goto(files)
  await link('reports').click()
  await link('2026').click()
  expect(new URL(page.url()).searchParams.get('path')).toBe('reports/2026/')
  await page.getByText('25 shown, more available').waitFor()
  await button('Next page').click()
  await page.getByText(/^5 shown/).waitFor()
  await page.reload()
  await link('day-30.txt').waitFor()
  await page.getByRole('textbox', { name: 'Filter files' }).fill('day-07')
  await link('day-07.txt').waitFor()
  expect(await page.getByRole('table', { name: 'Files' }).getByRole('link').count()).toBe(1)
  await page.getByRole('textbox', { name: 'Filter files' }).fill('nothing')
  await page.getByRole('heading', { name: 'No file matches' }).waitFor()
  await page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: 'reports' }).click()
  await link('contract.pdf').waitFor()
  await page.getByRole('link', { name: 'All files' }).click()
  await link('notes.md').waitFor()
  await page.goto(`${files}?path=nowhere/`)
  await page.getByRole('heading', { name: 'Nothing in this folder' }).waitFor()
}, 60_000)

test('GF-18 the same name makes a new version, of which the old one is restored; a file is renamed into a new folder and deleted', async () => {
  await page.goto(files)
  await pick([{ name: 'notes.md', mimeType: 'text/markdown', buffer: Buffer.from('second') }])
  await line('notes.md').getByText('Version 2: there was a file of this name').waitFor()
  await link('notes.md').click()
  await panel().getByText('second').waitFor()
  const [old] = await Promise.all([page.waitForEvent('download'), panel().getByRole('link', { name: 'Download version 1' }).click()])
  expect(await readFile((await old.path()) ?? '', 'utf8')).toContain('# Notes')
  await panel().getByRole('button', { name: 'Restore version 1' }).click()
  await confirm('Restore version')
  await panel().getByRole('region', { name: 'Content of notes.md' }).getByText('# Notes').waitFor()
  await panel().getByRole('list', { name: 'Versions' }).getByText('v3').waitFor()

  await panel().getByRole('button', { name: 'Rename or move' }).click()
  await dialog().getByLabel('Name').fill('figures.json')
  await confirm('Save')
  await dialog().getByRole('alert').getByText('There is a file figures.json already').waitFor()
  await dialog().getByLabel('Name').fill('kept/later/it’s notes.md')
  await confirm('Save')
  await panel().getByText('In kept/later/').waitFor()
  expect(new URL(page.url()).searchParams.get('path')).toBe('kept/later/')

  const command = (await panel().getByRole('region', { name: 'Download from a terminal' }).textContent()) ?? ''
  const { key } = (await (
    await context.request.post(`${api}/api-keys`, { headers: { origin: portal.url }, data: { name: 'curl' } })
  ).json()) as { key: string }
  execFileSync('sh', ['-c', command], { cwd: folder, env: { ...process.env, FREEHOLD_TOKEN: key }, stdio: 'ignore' })
  expect(await readFile(join(folder, 'it’s notes.md'), 'utf8')).toContain('# Notes')

  await panel().getByRole('button', { name: 'Delete' }).click()
  await dialog().getByText('all of its older versions').waitFor()
  await confirm('Delete file')
  await page.getByRole('heading', { name: 'Nothing in this folder' }).waitFor()
  expect((await namesNow()).filter((name) => name.startsWith('kept/'))).toEqual([])
}, 60_000)

test('GF-18 where little room is left the page says so, and an upload beyond it is refused with the reason', async () => {
  const present = (await (await context.request.get(`${api}/files`)).json()) as { size_bytes: number }[]
  const used = present.reduce((sum, { size_bytes }) => sum + size_bytes, 0)
  const limit = (file_bytes: number) =>
    context.request.patch(api.replace('/v1/workspaces/', '/org-workspaces/'), {
      headers: { origin: portal.url },
      data: { limits: { file_bytes } },
    })
  expect((await limit(used + 1000)).status()).toBe(200)
  await page.goto(files)
  await page.getByText(/MiB of .* MiB are used\./).waitFor()
  await pick([{ name: 'more.bin', mimeType: '', buffer: Buffer.alloc(2000) }])
  await line('more.bin').getByText('Remove some, or ask the operator for more').waitFor()
  await limit(50 * 1024 ** 3)
  await button('Retry more.bin').click()
  await link('more.bin').waitFor()
}, 60_000)

test('GF-18 who may only view downloads, and is told why not to upload, rename, restore or delete', async () => {
  const opened = await openContext(browser, { storageState: viewer })
  const other = await opened.context.newPage()
  await other.goto(files)
  const upload = other.getByRole('button', { name: 'Upload', exact: true })
  await upload.waitFor()
  expect(await upload.getAttribute('aria-disabled')).toBe('true')
  await dropFile(other, { name: 'mine.txt', type: 'text/plain', content: Buffer.from('mine') })
  await other.getByText('Nothing was uploaded').first().waitFor()
  await other.getByRole('table', { name: 'Files' }).getByRole('link', { name: 'figures.json' }).click()
  const side = other.getByRole('dialog').and(other.locator('.side'))
  for (const name of ['Rename or move', 'Delete']) {
    expect(await side.getByRole('button', { name, exact: true }).getAttribute('aria-disabled')).toBe('true')
  }
  const [download] = await Promise.all([
    other.waitForEvent('download'),
    side.getByRole('button', { name: 'Download', exact: true }).click(),
  ])
  expect(await readFile((await download.path()) ?? '', 'utf8')).toContain('12345678901234567890')
  expect(opened.faults).toEqual([])
  await opened.context.close()
  expect(await namesNow()).not.toContain('mine.txt')
}, 60_000)

test('no page broke the Content-Security-Policy or threw', () => expect(faults).toEqual([]))
