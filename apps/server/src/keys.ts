import { runKeys } from './run-keys.ts'

// A program of its own, which the command line starts: it works with the database's credentials and the root key, not with the API.
process.exitCode = await runKeys(process.argv.slice(2), process.env, (line) => process.stdout.write(`${line}\n`)).catch(
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  },
)
