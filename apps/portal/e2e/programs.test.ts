import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claim, createWorkspace, launchBrowser, openContext, operator } from './support/browser.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

let portal: Portal
let browser: Browser
let page: Page
let faults: string[]
let settings: string
let workspace: string

beforeAll(async () => {
  portal = await startPortal()
  browser = await launchBrowser()
  const opened = await openContext(browser)
  faults = opened.faults
  page = await opened.context.newPage()
  await claim(page, portal.setupLink, operator)
  const id = await createWorkspace(page, 'Programs')
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
  settings = `${portal.url}/workspaces/${id}/settings`
  workspace = `${portal.url}/v1/workspaces/${id}`
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
})

// A note in the corner is a dialog too, of those that do not ask anything.
const dialog = () => page.getByRole('dialog').and(page.locator('.dialog'))
const button = (name: string) => page.getByRole('button', { name, exact: true })
const confirm = (name: string) => dialog().getByRole('button', { name, exact: true }).click()

async function choose(label: string, option: string) {
  await dialog().getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** Takes the secret that is shown, and the snippet with it, and closes. */
async function takeSecret(): Promise<{ secret: string; snippet: string | null }> {
  const secret = (await page.getByTestId('secret').textContent()) ?? ''
  const region = page.getByRole('region', { name: 'Try it' })
  const snippet = (await region.count()) > 0 ? await region.textContent() : null
  await button('Done').click()
  await button('Done').click()
  await dialog().waitFor({ state: 'detached' })
  return { secret, snippet }
}

const statusWith = async (bearer: string, path = '') =>
  (await fetch(`${workspace}${path}`, { headers: { authorization: `Bearer ${bearer}` } })).status
const statusOf = (snippet: string | null) =>
  Number(execFileSync('sh', ['-c', (snippet ?? '').replace('curl', 'curl -sS -o /dev/null -w "%{http_code}"')], { encoding: 'utf8' }))

let key: string

test('AM-04 a faulty limit is told under its field, and a limited key does what its limits allow and no more', async () => {
  await page.goto(`${settings}/api-keys`)
  await button('Create key').click()
  await dialog().getByLabel('Name').fill('ci')
  await dialog()
    .getByRole('button', { name: /Limits/ })
    .click()
  await dialog().getByLabel('Scopes').fill('workspaces:read, nonsense')
  await dialog().getByLabel('Allowed addresses').fill('127.0.0.1\n::1')
  await confirm('Create key')
  await dialog().getByRole('alert').getByText('“nonsense” is not a known scope').waitFor()

  await dialog().getByLabel('Scopes').fill('workspaces:read')
  await dialog().getByLabel('Development').check()
  await confirm('Create key')
  const { secret, snippet } = await takeSecret()
  key = secret
  expect(statusOf(snippet)).toBe(200)
  expect(await statusWith(key, '/environments')).toBe(403)

  await button('Limits of ci: 1 scope · 2 addresses · dev').click()
  await dialog().getByText('workspaces:read').waitFor()
  await page.keyboard.press('Escape')
}, 60_000)

test('BX-05 a key rotated with a grace works beside its successor, until it is revoked', async () => {
  await button('Rotate ci').click()
  await choose('The old key ends', 'After 1 hour')
  await confirm('Rotate key')
  const { secret: successor } = await takeSecret()
  expect([await statusWith(key), await statusWith(successor)]).toEqual([200, 200])
  expect(await statusWith(successor, '/environments')).toBe(403)

  const old = page.getByRole('row', { name: /Replaced by/ })
  await page.getByRole('row', { name: /Replaces/ }).waitFor()
  await old.getByText(/in (60 min|1 hr)/).waitFor()
  expect(await old.getByRole('button', { name: 'Rotate ci' }).getAttribute('aria-disabled')).toBe('true')
  await old.getByRole('button', { name: 'Revoke ci' }).click()
  await confirm('Revoke key')
  // Behind an open dialog no row is to be found either.
  await dialog().waitFor({ state: 'detached' })
  await old.waitFor({ state: 'detached' })
  expect([await statusWith(key), await statusWith(successor)]).toEqual([401, 200])
  key = successor
}, 60_000)

test('BX-05 a grace that counts from the first use lets the old key work until then', async () => {
  await button('Rotate ci').click()
  await choose('The old key ends', 'At once')
  await choose('Counted from', 'The first use of the new one')
  await confirm('Rotate key')
  const { secret: successor } = await takeSecret()
  expect(await statusWith(key)).toBe(200)
  expect(await statusWith(successor)).toBe(200)
  await expect.poll(() => statusWith(key), { timeout: 20_000 }).toBe(401)
  expect(await statusWith(successor)).toBe(200)
  key = successor
}, 60_000)

test('MB-04 a token that names a tenant makes it appear; disabled it is refused, enabled it is taken, deleted it is gone', async () => {
  await page.goto(`${settings}/tenants`)
  await page.getByRole('heading', { name: 'No tenants yet' }).waitFor()
  await page.getByRole('link', { name: 'Make a token' }).click()
  await dialog().getByLabel('Tenant key').fill('acme/eu')
  await dialog().getByLabel('Tenant name').fill('Acme Europe')
  await confirm('Make token')
  const { secret: token, snippet } = await takeSecret()
  expect(statusOf(snippet)).toBe(200)

  await page.goto(`${settings}/tenants?q=europe`)
  const row = page.getByRole('row', { name: /Acme Europe/ })
  await button('Disable Acme Europe').click()
  await confirm('Disable tenant')
  await row.getByText('Disabled').waitFor()
  expect(await statusWith(token, '/sessions')).toBe(401)

  await button('Enable Acme Europe').click()
  await confirm('Enable tenant')
  await row.getByText('Active').waitFor()
  expect(await statusWith(token, '/sessions')).toBe(200)

  await button('Delete Acme Europe').click()
  expect(await dialog().getByRole('button', { name: 'Delete tenant' }).isDisabled()).toBe(true)
  await dialog().getByLabel('Type acme/eu to confirm').fill('acme/eu')
  await confirm('Delete tenant')
  await page.getByRole('heading', { name: 'No tenant matches' }).waitFor()
}, 60_000)

test('MB-05 MB-06 the snippet signs a token with the new secret, and with a key pair once the secret is refused', async () => {
  await page.goto(`${settings}/tokens`)
  await button('Rotate secret').click()
  await confirm('Rotate secret')
  const { secret } = await takeSecret()
  const bySecret = await sign({ FREEHOLD_SECRET: secret })
  expect(await statusWith(bySecret, '/sessions')).toBe(200)

  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await button('Add key').click()
  await dialog().getByLabel('Key id').fill('2026-01')
  await dialog()
    .getByLabel('Public key')
    .fill(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  await confirm('Add key')
  await dialog().getByRole('alert').getByText('Is a PRIVATE key').waitFor()
  await dialog()
    .getByLabel('Public key')
    .fill(publicKey.export({ type: 'spki', format: 'pem' }).toString())
  await confirm('Add key')
  await button('Remove 2026-01').waitFor()

  const refuse = page.getByRole('switch', { name: 'Refuse tokens signed with the secret' })
  await refuse.click()
  await confirm('Refuse them')
  await page.getByText('importPKCS8').first().waitFor()
  expect(await refuse.getAttribute('aria-checked')).toBe('true')
  expect(await statusWith(bySecret, '/sessions')).toBe(401)
  const byPair = await sign({ FREEHOLD_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() })
  expect(await statusWith(byPair, '/sessions')).toBe(200)

  await button('Remove 2026-01').click()
  await confirm('Remove key')
  await page.getByRole('heading', { name: 'No public keys' }).waitFor()
  expect(await statusWith(byPair, '/sessions')).toBe(401)
}, 60_000)

/** Runs the snippet of the page as it stands. */
async function sign(env: Record<string, string>): Promise<string> {
  const program = (await page.getByRole('region', { name: /Sign a token/ }).textContent()) ?? ''
  const options = { encoding: 'utf8', cwd: import.meta.dirname, env: { ...process.env, ...env } } as const
  return execFileSync(process.execPath, ['--input-type=module', '--eval', program], options).trim()
}

test('MB-07 an archived workspace refuses its keys, shows its banner and no errors, and comes back whole', async () => {
  await page.goto(settings.replace('/settings', ''))
  await button('Actions').click()
  await page.getByRole('menuitem', { name: 'Archive workspace' }).click()
  await dialog().getByText('All data is kept').waitFor()
  await confirm('Archive workspace')
  await page.getByText('This workspace is archived.').waitFor()
  expect(await statusWith(key, '/environments')).toBeGreaterThanOrEqual(400)

  await page.reload()
  await page.getByText('This workspace is archived.').waitFor()
  await page.getByRole('link', { name: 'View all' }).waitFor()
  await page.waitForFunction(() => document.querySelector('.skeleton') === null)
  expect(await page.getByRole('alert').count()).toBe(0)
  for (const place of ['api-keys', 'tenants']) {
    await page.goto(`${settings}/${place}`)
    await page.getByRole('heading', { name: 'The workspace is archived' }).waitFor()
  }

  await page.getByRole('link', { name: 'Go to the overview' }).click()
  await button('Restore').click()
  await confirm('Restore workspace')
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
  await page.getByRole('article').getByText('staging', { exact: true }).waitFor()
  expect(await statusWith(key)).toBe(200)
}, 60_000)

test('no page broke the Content-Security-Policy or threw', () => expect(faults).toEqual([]))
