// A stamp remembers the inputs with which a step last succeeded; equal inputs mean there is nothing to do.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * @param {string} file
 * @returns {unknown} undefined when there is no such stamp or it is damaged
 */
export function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Replaces the stamp in one move, so that an interruption leaves the old one or the new one.
 * @param {string} file
 * @param {unknown} value
 */
export function writeStamp(file, value) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.part`, `${JSON.stringify(value)}\n`)
  renameSync(`${file}.part`, file)
}

/**
 * @param {string} file
 * @param {unknown} value
 */
export function isStamped(file, value) {
  return JSON.stringify(readStamp(file)) === JSON.stringify(value)
}

/** @param {Array<string | Buffer>} parts */
export function digest(parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/**
 * A digest of path, size and time of change of files and of all files below folders. Missing ones count.
 * @param {string[]} paths
 */
export function digestTree(paths) {
  /** @type {string[]} */
  const lines = []
  const visit = (/** @type {string} */ path) => {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!stats) lines.push(`${path} missing`)
    else if (!stats.isDirectory()) lines.push(`${path} ${stats.size} ${stats.mtimeMs}`)
    else for (const name of readdirSync(path).sort()) visit(join(path, name))
  }
  paths.forEach(visit)
  return digest(lines)
}
