import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

type Run = { said: string; code: number | null }

const folders: string[] = []
const installing = 'Installing dependencies'
const stamp = 'node_modules/.freehold-setup.json'

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })))
})

test('a first run installs, and a second finds nothing to do', async () => {
  const root = await makeProject()
  expect((await runSetup(root)).said).toContain(`${installing} (first run`)
  expect(await runSetup(root)).toEqual({ said: '', code: 0 })
})

test('a changed lock file is installed again', async () => {
  const root = await makeProject()
  await runSetup(root)
  await writeProject(root, ['inner', 'other'])
  expect((await runSetup(root)).said).toContain(`${installing} (they changed`)
  expect(await readdir(join(root, 'node_modules'))).toContain('other')
})

test('what an interrupted install left behind is cleared away and installed again', async () => {
  const root = await makeProject()
  await mkdir(join(root, 'node_modules/half'), { recursive: true })
  expect((await runSetup(root)).said).toContain(installing)
  expect(await readdir(join(root, 'node_modules'))).not.toContain('half')
})

test('what npm itself has installed is taken as it is', async () => {
  const root = await makeProject()
  await runSetup(root)
  await rm(join(root, stamp))
  expect(await runSetup(root)).toEqual({ said: '', code: 0 })
  expect(await readdir(join(root, 'node_modules'))).toContain('.freehold-setup.json')
})

test('two at once install once, and both find all in place', async () => {
  const root = await makeProject()
  const runs = await Promise.all([runSetup(root), runSetup(root), runSetup(root)])
  expect(runs.map((run) => run.code)).toEqual([0, 0, 0])
  expect(runs.filter((run) => run.said.includes(installing))).toHaveLength(1)
  expect(await readdir(join(root, 'tools'))).not.toContain('.setup-lock')
})

test('the lock of a setup that was killed is taken over', async () => {
  const root = await makeProject()
  const killed = spawn(process.execPath, ['-e', ''])
  await new Promise((done) => killed.on('close', done))
  await writeFile(join(root, 'tools/.setup-lock'), `${hostname()} ${killed.pid} 1`)
  expect((await runSetup(root)).code).toBe(0)
})

test('a failing install says why and fails, and leaves no stamp', async () => {
  const root = await makeProject()
  await writeFile(join(root, 'package.json'), '{ "name": "sample", "dependencies": { "inner": "file:nowhere.tgz" } }')
  const run = await runSetup(root)
  expect(run.code).toBe(1)
  expect(run.said).toContain('nowhere.tgz')
  expect(run.said).toContain('run the same command again')
  expect(await readdir(join(root, 'node_modules')).catch(() => [])).not.toContain('.freehold-setup.json')
})

test('the link to a Node.js that is no longer needed is removed', async () => {
  const root = await makeProject()
  await runSetup(root)
  await mkdir(join(root, 'node_modules/.bin'), { recursive: true })
  await cp(process.execPath, join(root, 'tools/old-node'))
  await symlink('../../tools/old-node', join(root, 'node_modules/.bin/node'))
  expect(await runSetup(root)).toEqual({ said: '', code: 0 })
  expect(await readdir(join(root, 'node_modules/.bin'))).not.toContain('node')
})

test('the setup is plain JavaScript that needs nothing installed', async () => {
  const files = ['setup.mjs', ...(await readdir(join(import.meta.dirname, 'setup'))).map((name) => `setup/${name}`)]
  const sources = await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), 'utf8')))
  const imported = sources.flatMap((source) => [...source.matchAll(/^import .* from '(.+)'$/gm)].map((match) => match[1] ?? ''))
  expect(imported.filter((specifier) => !/^(node:|\.)/.test(specifier))).toEqual([])
  // Syntax that Node.js 14 does not know.
  expect(sources.filter((source) => /\?\?=|\|\|=|&&=|\.at\(|replaceAll|^await |static \{/m.test(source))).toEqual([])
})

/** A project of its own with this setup, a lock file without any package, and no portal: nothing is fetched. */
async function makeProject(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'freehold-setup-'))
  folders.push(root)
  await cp(join(import.meta.dirname, 'setup'), join(root, 'tools/setup'), { recursive: true })
  await cp(join(import.meta.dirname, 'setup.mjs'), join(root, 'tools/setup.mjs'))
  await writeProject(root, ['inner'])
  return root
}

async function writeProject(root: string, workspaces: string[]) {
  const packages: Record<string, object> = { '': { name: 'sample', workspaces } }
  for (const name of workspaces) {
    await mkdir(join(root, name), { recursive: true })
    await writeFile(join(root, name, 'package.json'), JSON.stringify({ name, version: '1.0.0' }))
    packages[`node_modules/${name}`] = { resolved: name, link: true }
    packages[name] = { version: '1.0.0' }
  }
  await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'sample', workspaces }))
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ name: 'sample', lockfileVersion: 3, packages }))
}

/** Runs the setup on this test's own Node.js as the machine's, from another folder. */
async function runSetup(root: string): Promise<Run> {
  const PATH = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
  const env = { ...process.env, PATH, npm_node_execpath: process.execPath }
  const child = spawn(process.execPath, [join(root, 'tools/setup.mjs')], { cwd: tmpdir(), env, stdio: ['ignore', 'inherit', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const { promise, resolve, reject } = Promise.withResolvers<Run>()
  child.on('error', reject)
  child.on('close', (code) => resolve({ said, code }))
  return promise
}
