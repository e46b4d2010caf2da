// Children of the set-up: output captured, so that a step which goes well prints one line only.
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

export function killChildren() {
  for (const child of running) child.kill()
}

/**
 * @typedef {{ status: number, output: string }} Finished
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<Finished>} status -1 when the child could not start or ran out of time
 */
export function capture(command, args, { cwd, env, timeoutMs } = {}) {
  return new Promise((done) => {
    let output = ''
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    })
    running.add(child)
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-200_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => {
      running.delete(child)
      done({ status: -1, output: `${output}${error.message}\n` })
    })
    child.on('close', (status, signal) => {
      running.delete(child)
      if (signal) output += `ended by ${signal}\n`
      done({ status: status ?? -1, output })
    })
  })
}

/**
 * The full path of a program on the PATH.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findProgram(name, env = process.env) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : ['']
  const folders = name.includes('/') ? [''] : (env.PATH ?? '').split(delimiter).filter(Boolean)
  for (const folder of folders) {
    for (const suffix of suffixes) {
      const file = folder ? join(folder, name + suffix) : name + suffix
      try {
        accessSync(file, constants.X_OK)
        return file
      } catch {
        continue
      }
    }
  }
  return undefined
}

/**
 * @param {string} output
 * @param {number} [count]
 */
export function lastLines(output, count = 12) {
  return output.trimEnd().split('\n').slice(-count).join('\n')
}
