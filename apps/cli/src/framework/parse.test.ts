import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commands } from '../commands/index.ts'
import { createHome } from '../spawn-freehold.ts'
import { closest, editDistance } from './closest.ts'
import { CommandFailure } from './failure.ts'
import { renderHelp } from './help.ts'
import { parseCommandLine } from './parse.ts'

const parse = (line: string) => parseCommandLine(line.split(' '), commands)
function refusal(line: string): CommandFailure {
  try {
    parse(line)
  } catch (error) {
    if (error instanceof CommandFailure) return error
  }
  throw new Error(`${line} was not refused`)
}

test('flags stand before, between and behind words, with = or a space', () => {
  for (const line of [
    '--json workspace create --region=eu A',
    'workspace create A --region eu --json',
    'workspace --json create --region eu A',
  ]) {
    expect(parse(line)).toMatchObject({
      kind: 'run',
      words: ['A'],
      given: { json: true, region: 'eu' },
      command: { path: ['workspace', 'create'] },
    })
  }
  expect(parse('workspace create A --description --x=y=z')).toMatchObject({ given: { description: '--x=y=z' } })
})

test('everything behind -- is a word, and a lone - is one', () => {
  expect(parse('workspace create -- --wait')).toMatchObject({ words: ['--wait'], given: {} })
  expect(parse('audit verify -')).toMatchObject({ words: ['-'] })
})

test.each([
  ['workspce list', 'Did you mean freehold workspace list?'],
  ['workspaces', 'Did you mean freehold workspace?'],
  ['apikey create acme ci', 'Did you mean freehold api-key create?'],
  ['whomai', 'Did you mean freehold whoami?'],
  ['zzzzzzzz', 'freehold help lists them all.'],
  ['workspace create A --regoin eu', 'Did you mean --region?'],
])('"%s" suggests what was meant', (line, hint) => {
  expect(refusal(line)).toMatchObject({ exitCode: 2, hint })
})

test('missing and surplus words and values are refused', () => {
  expect(refusal('api-key create acme').message).toBe('NAME is missing.')
  expect(refusal('workspace get a b').message).toBe('"b" is one word too many.')
  expect(refusal('workspace list --limit').message).toContain('needs a value')
  expect(refusal('workspace list --all=yes').message).toContain('takes no value')
  expect(refusal('workspace').message).toContain('list, create')
  expect(refusal('workspace list --dry-run').message).toContain('Unknown flag')
})

test('every command has a help of its own, and stands in the help of all', () => {
  const all = renderHelp([], commands) ?? ''
  for (const command of commands) {
    expect(all).toContain(command.path.join(' '))
    expect(renderHelp(command.path, commands)).toContain(`Usage: freehold ${command.path.join(' ')}`)
  }
  expect(all).toContain('Exit codes')
  expect(renderHelp(['nope'], commands)).toBeUndefined()
})

test('any command line is parsed or refused with advice, and never crashes', () => {
  const word = fc.oneof(
    fc.constantFrom('workspace', 'create', 'list', '--json', '--help', '--', '-', '--limit', '--token', '-h', 'run'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(word), (argv) => {
      try {
        parseCommandLine(argv, commands)
      } catch (error) {
        expect(error).toBeInstanceOf(CommandFailure)
      }
    }),
  )
})

test('the distance of words counts insertions, removals, replacements and swaps', () => {
  expect(editDistance('list', 'lsit')).toBe(1)
  expect(editDistance('', 'abc')).toBe(3)
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => editDistance(a, b) === editDistance(b, a) && (editDistance(a, b) === 0) === (a === b)),
  )
  expect(closest('lst', ['list', 'create'])).toBe('list')
})

test('wrong usage ends with 2 and help with 0, each on its own stream', async () => {
  const { freehold, remove } = await createHome()
  expect(await freehold(['nope'])).toMatchObject({ code: 2, stdout: '' })
  expect(await freehold(['workspace', 'list', '--limit', 'many'])).toMatchObject({ code: 2, stdout: '' })
  expect(await freehold([])).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Usage') })
  expect(await freehold(['help', 'api-key', 'create'])).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('--lifetime'),
  })
  expect(await freehold(['workspace', '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('workspace freeze') })
  expect(await freehold(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' })
  await remove()
})

test('an old Node.js hands over to the bundled one, with streams and exit code, or says what to do', async () => {
  const { freehold, remove } = await createHome()
  const done = await freehold(['nope'], { oldNode: true })
  const isBundled = existsSync(join(import.meta.dirname, '../../../../node_modules/.bin/node'))
  expect(done).toMatchObject(
    isBundled
      ? { code: 2, stdout: '', stderr: expect.stringContaining('no command "nope"') }
      : { code: 1, stderr: expect.stringContaining('needs Node.js 24') },
  )
  await remove()
})
