// The C and C++ compilers that build the one native module which may need building.
import { findProgram } from './childProcess.mjs'
import { SetupFailure } from './failure.mjs'

/**
 * A compiler command from a variable such as CXX ("ccache g++" is allowed), else the first one on the PATH.
 * @param {string | undefined} wanted
 * @param {string[]} names
 * @param {NodeJS.ProcessEnv} env
 */
function pick(wanted, names, env) {
  const given = wanted?.trim().split(/\s+/) ?? []
  if (given[0]) return findProgram(given[0], env) ? given : undefined
  const found = names.map((name) => findProgram(name, env)).find((file) => file !== undefined)
  return found === undefined ? undefined : [found]
}

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ c: string[], cxx: string[] }} commands, each with its leading arguments
 */
export function findCompilers(env = process.env) {
  const c = pick(env.CC, ['cc', 'gcc', 'clang'], env)
  const cxx = pick(env.CXX, ['c++', 'g++', 'clang++'], env)
  if (c && cxx) return { c, cxx }
  const named = [!c && env.CC ? `CC=${env.CC}` : '', !cxx && env.CXX ? `CXX=${env.CXX}` : ''].filter(Boolean)
  const what = named.length > 0 ? `${named.join(' and ')} names no program` : 'No C++ compiler was found'
  throw new SetupFailure(`${what}; this Node needs one to build better-sqlite3`, installHint())
}

/** @param {NodeJS.Platform} [platform] */
export function installHint(platform = process.platform) {
  const newerNode = 'or use Node 22.14 or newer, which needs none'
  if (platform === 'darwin') return `Run "xcode-select --install" (${newerNode}), then run again.`
  if (platform === 'win32') return 'Install Node 22.14 or newer, which needs no compiler, then run again.'
  return `Run "sudo apt-get install -y g++" (${newerNode}), then run again.`
}
