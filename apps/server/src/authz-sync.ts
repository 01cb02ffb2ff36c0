import { runAuthzSync } from './sync-relationships.ts'

// A program of its own, which the command line starts: it works with the database's credentials, not with the API.
process.exitCode = await runAuthzSync(process.argv.slice(2), process.env, (line) => process.stdout.write(`${line}\n`)).catch(
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  },
)
