// Starts what the set-up has prepared: the command line in this process, or a child that takes over the terminal.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { out } from './paths.mjs'

/**
 * Runs the built command line here, as if it had been started with these arguments: no second Node to start, and
 * signals, standard streams and the exit code are its own.
 * @param {string[]} args
 */
export async function runCommandLine(args) {
  const file = join(out, 'main', 'cli.js')
  process.argv = [process.execPath, file, ...args]
  await import(pathToFileURL(file).href)
}

/** Electron refuses to run as root with its sandbox; nobody else gives the sandbox up. */
export function isRoot() {
  return process.getuid?.() === 0
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [cwd]
 * @returns {Promise<number>} the child's exit code
 */
export function runInForeground(program, args, env, cwd = process.cwd()) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: 'inherit', env, cwd })
    // Ctrl-C reaches the child too: it decides how to end, and this process ends after it.
    const wait = () => undefined
    const pass = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal)
    process.on('SIGINT', wait)
    process.on('SIGTERM', pass)
    child.on('error', fail)
    child.on('close', (status, signal) => {
      process.removeListener('SIGINT', wait)
      process.removeListener('SIGTERM', pass)
      done(status ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })
}
