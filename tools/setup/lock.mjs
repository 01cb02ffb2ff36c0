import { readFileSync, renameSync, unlinkSync, utimesSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

import { SetupError, printLine, root } from './process.mjs'

const lockPath = join(root, 'tools/.setup-lock')
const beatMs = 1000
// A holder beats every second; one that has been silent this long was killed, possibly in another container where its process id tells us nothing.
const silentMs = 30000

/** Runs `work` while no other setup of this checkout runs. */
export async function withSetupLock(work) {
  const token = await takeLock()
  const beat = setInterval(touchLock, beatMs)
  const release = () => {
    if (readLock() === token) unlinkSync(lockPath)
  }
  // An interrupted setup leaves at once; what it had not finished carries no stamp and is done again.
  const interrupted = (signal) => {
    release()
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  process.on('SIGINT', interrupted)
  process.on('SIGTERM', interrupted)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
    release()
  }
}

async function takeLock() {
  const token = `${hostname()} ${process.pid} ${Date.now()}`
  let announced = false
  for (;;) {
    try {
      writeFileSync(lockPath, token, { flag: 'wx' })
      return token
    } catch (error) {
      if (error.code !== 'EEXIST') throw new SetupError(`The setup cannot write in ${root}: ${error.message}`)
    }
    const held = readLock()
    if (held !== undefined && isAbandoned(held)) {
      removeAbandoned(held)
      continue
    }
    if (!announced) printLine('Waiting for another setup of this folder to end…')
    announced = true
    await new Promise((done) => setTimeout(done, 200))
  }
}

function readLock() {
  try {
    return readFileSync(lockPath, 'utf8')
  } catch (error) {
    return undefined
  }
}

function touchLock() {
  try {
    utimesSync(lockPath, new Date(), new Date())
  } catch (error) {
    // Taken away by hand: nothing to keep alive.
  }
}

function isAbandoned(held) {
  try {
    if (Date.now() - statSync(lockPath).mtimeMs > silentMs) return true
  } catch (error) {
    return false
  }
  const [host, pid] = held.split(' ')
  if (host !== hostname() || !pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** Two that wait may both find the lock abandoned: whoever moves away a live one puts it back. */
function removeAbandoned(held) {
  const aside = `${lockPath}.${process.pid}`
  try {
    renameSync(lockPath, aside)
    if (readFileSync(aside, 'utf8') === held) unlinkSync(aside)
    else renameSync(aside, lockPath)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
