// A folder for things half made: gone when the work is done, when it fails, and when the set-up is interrupted.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const staleMs = 24 * 3600 * 1000

/**
 * @template T
 * @param {string} parent
 * @param {string} prefix folders of this name that a killed set-up left a day ago or earlier are removed
 * @param {(folder: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withTemporaryFolder(parent, prefix, work) {
  mkdirSync(parent, { recursive: true })
  for (const name of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
    const left = join(parent, name)
    if (Date.now() - statSync(left).mtimeMs > staleMs) rmSync(left, { recursive: true, force: true })
  }
  const folder = mkdtempSync(join(parent, prefix))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    return await work(folder)
  } finally {
    process.removeListener('exit', remove)
    remove()
  }
}
