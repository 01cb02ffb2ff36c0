import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root })

// What the guides add as they go.
const imagined = ['packages/hub/src/environments/rename-environment.ts', 'apps/cli/src/commands/environment-rename.ts']

test.each(documents)('%s links and names only files that are there', (document) => {
  const text = readFileSync(join(root, document), 'utf8')
  const links = Array.from(text.matchAll(/(?:\]\(|src="|srcset=")(?!\w+:|#)([^)"#]+)/g), ([, path]) => join(dirname(document), path!))
  const named = Array.from(text.matchAll(/`((?:apps|packages|docs|tools)\/[\w./-]+)`/g), ([, path]) => path!)
  const missing = [...links, ...named].filter((path) => !imagined.includes(path) && !existsSync(join(root, path)))
  expect(missing).toEqual([])
})
