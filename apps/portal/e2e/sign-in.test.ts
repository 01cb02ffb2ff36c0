import { type OidcProvider, startOidcProvider } from '@freehold/testing'
import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claim, launchBrowser, openContext, operator, signIn } from './support/browser.ts'
import { addAuthenticator, setUpApp, type Totp, totpCode } from './support/ceremonies.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

let provider: OidcProvider
let portal: Portal
/** Passkeys are made for names, so the portal is opened by one. */
let url: string
let browser: Browser
let context: BrowserContext
let page: Page
let accountId: string
let totp: Totp
const faults: string[][] = []

beforeAll(async () => {
  provider = await startOidcProvider()
  const { issuer, clientId, clientSecret, name } = provider.config
  portal = await startPortal({
    FREEHOLD_OIDC_ISSUER: issuer,
    FREEHOLD_OIDC_CLIENT_ID: clientId,
    FREEHOLD_OIDC_CLIENT_SECRET: clientSecret,
    FREEHOLD_OIDC_NAME: name,
  })
  url = portal.url.replace('127.0.0.1', 'localhost')
  browser = await launchBrowser()
  ;({ context, page } = await visit())
  await addAuthenticator(page)
  await claim(page, portal.setupLink.replace('127.0.0.1', 'localhost'), operator)
  accountId = ((await (await context.request.get(`${url}/v1/accounts`)).json()) as { id: string }[])[0]?.id ?? ''
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
  await provider?.close()
})

test('AM-12 a passkey is added under a name, and signs in without a password', async () => {
  await page.goto(`${url}/me`)
  await page.getByRole('button', { name: 'Add passkey' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a passkey' })
  await dialog.getByLabel('Name').fill('Laptop')
  await dialog.getByRole('button', { name: 'Add passkey' }).click()
  await page.getByRole('list', { name: 'Passkeys' }).getByText('Laptop').waitFor()

  await signOut(page)
  await page.goto(`${url}/me`)
  await page.waitForURL(/\/login\?next=/)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByRole('heading', { level: 1, name: 'Your profile' }).waitFor()
  await page.getByRole('region', { name: 'Where you are signed in' }).getByText('Passkey ·').waitFor()
}, 30_000)

test('AM-12 an account may require a second factor; who has none is told so, sets one up, and is let in', async () => {
  const { page: other } = await visit()
  await other.goto(`${url}/accounts/${accountId}/security`)
  await signIn(other, operator)
  const without = other.getByRole('switch', { name: 'Require a second factor' })
  await without.waitFor()
  expect(await without.getAttribute('aria-disabled')).toBe('true')
  await other.getByText('this would lock you out').waitFor()

  await page.goto(`${url}/accounts/${accountId}/security`)
  await page.getByRole('switch', { name: 'Require a second factor' }).click()
  await page.getByRole('dialog').getByText('Everybody who is signed in without one').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Require it' }).click()
  await page.getByRole('switch', { name: 'Require a second factor', checked: true }).waitFor()

  await other.goto(`${url}/workspaces`)
  await other.getByText('An account is not shown.').waitFor()
  await other.goto(`${url}/accounts/${accountId}`)
  await other.getByRole('heading', { level: 1, name: 'This needs a second factor' }).waitFor()
  await other.getByRole('link', { name: 'Set one up in your profile' }).click()
  await page.getByRole('combobox', { name: 'Longest lifetime' }).click()
  await page.getByRole('option', { name: '30 days' }).click()
  totp = await setUpApp(other)
  await other.getByRole('button', { name: 'Copy', exact: true }).click()
  await other.getByRole('button', { name: 'Done' }).click()
  await other.goto(`${url}/accounts/${accountId}`)
  await other.getByRole('navigation', { name: 'Account' }).waitFor()
  await other.context().close()
}, 60_000)

test('AM-12 a session that the new app has ended is begun again over the page, by a recovery code', async () => {
  const relogin = page.getByRole('dialog', { name: 'Your session has ended' })
  await relogin.getByRole('button', { name: 'Use a passkey' }).waitFor()
  await relogin.getByRole('link', { name: 'Sign in in a new tab' }).waitFor()
  await relogin.getByLabel('Password').fill(operator.password)
  await relogin.getByRole('button', { name: 'Sign in', exact: true }).click()
  await relogin.getByRole('textbox', { name: 'Code' }).fill(totp.recoveryCodes[0] ?? '')
  await relogin.getByRole('button', { name: 'Sign in', exact: true }).click()
  await relogin.waitFor({ state: 'detached' })
  await page.getByRole('combobox', { name: 'Longest lifetime' }).getByText('30 days').waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Longest lifetime saved').waitFor()
}, 30_000)

test('AM-12 the password asks for a code and keeps what was typed; a wrong one is told, a right one and a recovery code sign in', async () => {
  for (const code of [totpCode(totp.secret, 1), totp.recoveryCodes[1]?.toUpperCase() ?? '']) {
    await signOut(page)
    await signIn(page, operator)
    const field = page.getByRole('textbox', { name: 'Code' })
    expect(await field.getAttribute('autocomplete')).toBe('one-time-code')
    await field.fill('000000')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('The code is wrong').waitFor()
    await page.getByRole('button', { name: 'Back' }).click()
    expect(await page.getByLabel('Email').inputValue()).toBe(operator.email)
    expect(await page.getByLabel('Password').inputValue()).toBe(operator.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await field.fill(code)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Workspaces' }).waitFor()
  }
  await page.goto(`${url}/me`)
  await page.getByText('Password and recovery code').waitFor()
  await page.getByText('8 recovery codes left').waitFor()
}, 60_000)

test('AM-12 new recovery codes are shown once and can be kept as a file; the app is turned off by one of them', async () => {
  await page.getByRole('button', { name: 'New recovery codes' }).click()
  await page.getByRole('textbox', { name: 'Code' }).fill(totp.recoveryCodes[2] ?? '')
  await page.getByRole('button', { name: 'Make new codes' }).click()
  const shown = (await page.getByTestId('secret').textContent()) ?? ''
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()])
  expect([file.suggestedFilename(), await readFile(await file.path(), 'utf8')]).toEqual(['freehold-recovery-codes.txt', `${shown}\n`])
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByText('10 recovery codes left').waitFor()
  const left = await page.evaluate(() =>
    [document.documentElement.outerHTML, location.href, Object.entries(localStorage), Object.entries(sessionStorage)].join(),
  )
  for (const code of shown.split('\n')) expect(left).not.toContain(code)

  await page.getByRole('button', { name: 'Turn off' }).click()
  const dialog = page.getByRole('dialog', { name: 'Turn off the authenticator app?' })
  await dialog.getByRole('textbox', { name: 'Code' }).fill(totp.recoveryCodes[3] ?? '')
  await dialog.getByRole('button', { name: 'Turn off' }).click()
  await dialog.getByRole('alert').getByText('The code is wrong').waitFor()
  await dialog.getByRole('textbox', { name: 'Code' }).fill(shown.split('\n')[0] ?? '')
  await dialog.getByRole('button', { name: 'Turn off' }).click()
  await page.getByRole('button', { name: 'Set up' }).waitFor()
}, 30_000)

test('AM-12 a removed passkey signs in no more', async () => {
  await page.getByRole('button', { name: 'Remove Laptop' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove passkey' }).click()
  await page.getByRole('list', { name: 'Passkeys' }).waitFor({ state: 'detached' })
  await signOut(page)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByRole('alert').getByText('This passkey does not open anything here').waitFor()
}, 30_000)

test('AM-11 the identity provider signs in, and leads on to where one wanted to go; its answer stays in no address', async () => {
  provider.welcome({ sub: 'robin', name: 'Robin', email: 'robin@freehold.test', email_verified: true })
  const { page: robin } = await visit()
  await robin.goto(`${portal.url}/me`)
  expect(await robin.getByRole('button', { name: 'Use a passkey' }).isDisabled()).toBe(true)
  await robin.getByRole('button', { name: 'Continue with Test provider' }).click()
  await robin.getByRole('heading', { level: 1, name: 'Your profile' }).waitFor()
  expect([robin.url(), await robin.getByLabel('Name').inputValue()]).toEqual([`${portal.url}/me`, 'Robin'])
  await robin.getByText('Single sign-on').waitFor()
  await robin.goBack()
  expect(robin.url()).not.toContain('code=')
  await robin.context().close()
}, 30_000)

test('AM-11 a sign-in that was not begun here, or is not allowed, is told with the way back', async () => {
  const { page: stranger } = await visit()
  await stranger.goto(`${portal.url}/sign-in/callback?code=stolen&state=other`)
  await stranger.getByRole('alert').getByText('was not begun in this browser').waitFor()
  expect(new URL(stranger.url()).search).toBe('')

  provider.welcome({ sub: 'operator', name: 'Operator', email: operator.email, email_verified: true })
  await stranger.getByRole('link', { name: 'Back to sign in' }).click()
  await stranger.getByRole('button', { name: 'Continue with Test provider' }).click()
  await stranger.getByRole('alert').getByText('Sign in that way first').waitFor()
  await stranger.getByRole('link', { name: 'Back to sign in' }).click()
  await signIn(stranger, operator)
  await stranger.getByRole('heading', { level: 1, name: 'Workspaces' }).waitFor()
  await stranger.goto(`${portal.url}/me`)
  await stranger.getByRole('button', { name: 'Link Test provider' }).click()
  await stranger.getByText('Single sign-on').waitFor()
  await stranger.context().close()
}, 60_000)

test('no page broke the Content-Security-Policy or threw', () => expect(faults.flat()).toEqual([]))

async function visit() {
  const opened = await openContext(browser)
  faults.push(opened.faults)
  return { context: opened.context, page: await opened.context.newPage() }
}

async function signOut(on: Page) {
  await on.getByRole('button', { name: /menu of/ }).click()
  await on.getByRole('menuitem', { name: 'Sign out' }).click()
  await on.getByRole('heading', { level: 1, name: 'Sign in to Freehold' }).waitFor()
}
