import { startEmbeddedPostgres } from '../index.ts'

/** A host process for the tests: starts the server of the directory it is given, says so in one line of JSON, and stays. */
try {
  const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', onProgress: (line) => process.stderr.write(`${line}\n`) })
  const { url, clusterDir, pid } = server
  process.stdout.write(`${JSON.stringify({ url, clusterDir, pid })}\n`)
  process.once('SIGTERM', () => void server.stop())
} catch (error) {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
  process.stdout.write(`${JSON.stringify({ refused: name, message })}\n`)
}
