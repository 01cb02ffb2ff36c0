import { type Rule, pathInProject } from './rule.ts'

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/
const emptyNames = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'manager', 'data', 'info'])
const emptyEndings = /-(utils?|helpers?|misc|manager)$/

/** File names are kebab-case and say what the file holds. */
export const fileNames: Rule = {
  create(context) {
    return {
      Program(node) {
        const folders = pathInProject(context).split('/')
        const file = folders.pop() ?? ''
        const parts = file.split('.').slice(0, -1)
        const odd = parts.find((part, index) => !kebabCase.test(part) && !(index === 0 && part === ''))
        if (odd !== undefined) context.report({ node, message: `File names are kebab-case; ${file} is not.` })

        const empty = [...folders, parts[0] ?? ''].find((name) => emptyNames.has(name) || emptyEndings.test(name))
        if (empty !== undefined) context.report({ node, message: `'${empty}' says nothing of what is inside; name it after its content.` })
      },
    }
  },
}
