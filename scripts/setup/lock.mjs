// One set-up at a time in one clone. The lock names its owner, so that the lock of a killed set-up is taken over.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/**
 * @param {string} file
 * @returns {number | undefined} the living process that holds the lock, or undefined when it is now ours
 */
export function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true })
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      process.once('exit', () => unlock(file))
      return undefined
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    }
    const owner = readOwner(file)
    if (owner !== undefined && owner !== process.pid && isAlive(owner)) return owner
    rmSync(file, { force: true })
  }
}

/** @param {string} file */
function readOwner(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

/** @param {string} file */
export function unlock(file) {
  if (readOwner(file) === process.pid) rmSync(file, { force: true })
}

/**
 * @param {string} file
 * @param {(owner: number) => void} onWait told once when another set-up is at work
 */
export async function lock(file, onWait) {
  let told = false
  for (;;) {
    const owner = tryLock(file)
    if (owner === undefined) return
    if (!told) onWait(owner)
    told = true
    await new Promise((resume) => setTimeout(resume, 300))
  }
}
