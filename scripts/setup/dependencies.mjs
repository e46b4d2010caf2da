// The packages of the lock file, from the registry that npm is configured for. Install scripts stay off: the one
// native module that needs building is built by its own step, and nothing else needs them.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { capture, lastLines } from './childProcess.mjs'
import { SetupFailure } from './failure.mjs'
import { modules, root } from './paths.mjs'
import { digest, isStamped, writeStamp } from './stamp.mjs'

const stamp = join(modules, '.tunesmith', 'dependencies.json')

function inputs() {
  const platform = `${process.platform} ${process.arch}`
  return digest([readFileSync(join(root, 'package-lock.json')), platform, process.versions.modules ?? ''])
}

/** npm's own command line, the one that started us or the one beside this Node. */
function npmCommand() {
  const beside = [
    process.env.npm_execpath ?? '',
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const script = beside.find((file) => /npm-cli\.js$/.test(file) && existsSync(file))
  return script ? [process.execPath, script] : ['npm']
}

/**
 * @param {string[]} args
 * @param {string} [cwd]
 */
export async function runNpm(args, cwd = root) {
  const [program = 'npm', ...leading] = npmCommand()
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }
  return capture(program, [...leading, ...args, '--no-audit', '--no-fund'], { cwd, env })
}

/**
 * The sentence for a failed npm command.
 * @param {string} what
 * @param {string} output
 */
export function explainNpm(what, output) {
  const address = /https?:\/\/[^/\s'"]+/.exec(output)?.[0]
  if (/ENOSPC|EDQUOT/.test(output)) {
    return new SetupFailure(
      `The disk filled up while ${what}`,
      'Free about 2 GB, then run the same command again.',
    )
  }
  if (/EACCES|EROFS|EPERM/.test(output)) {
    return new SetupFailure(
      `A folder could not be written while ${what}:\n${lastLines(output, 4)}`,
      'Give yourself write access to it, then run the same command again.',
    )
  }
  if (/E401|E403/.test(output)) {
    return new SetupFailure(
      `The package registry${address ? ` ${address}` : ''} refused the request while ${what}`,
      'Log in to it ("npm login") or choose another ("npm config set registry URL"), then run again.',
    )
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|CERT|5\d\d /.test(output)
  ) {
    return new SetupFailure(
      `The package registry${address ? ` ${address}` : ''} cannot be reached; it was asked while ${what}`,
      'Check the network, or choose a registry with "npm config set registry URL", then run again.',
    )
  }
  const errors = output.split('\n').filter((line) => /^npm (error|ERR!) ./.test(line))
  return new SetupFailure(
    `npm failed while ${what}; it said:\n${errors.slice(0, 4).join('\n') || lastLines(output, 4)}`,
    'Put right what npm names, then run the same command again.',
  )
}

/** Whether node_modules, made by hand with npm, already holds just what the lock file asks for. */
function isInstalledAlready() {
  const hidden = join(modules, '.package-lock.json')
  if (!existsSync(hidden)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true
    if (!present[path]) return optional === true
    return present[path].version === version && existsSync(join(root, path, 'package.json'))
  })
}

export const dependencies = {
  name: 'dependencies',
  isDone: () => isStamped(stamp, inputs()),
  /** @param {import('./report.mjs').Report} report */
  async run(report) {
    if (isInstalledAlready()) {
      writeStamp(stamp, inputs())
      return 'already there'
    }
    report.note('installing the packages of the lock file')
    const { status, output } = await runNpm(['ci', '--ignore-scripts', '--prefer-offline'])
    if (status !== 0) throw explainNpm('installing the packages', output)
    writeStamp(stamp, inputs())
    const count = /added (\d+) packages/.exec(output)?.[1]
    return count ? `${count} packages installed` : 'installed'
  },
}
