// The built app in out/: rebuilt only when a source, a resource or a setting of the build has changed.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { capture } from './childProcess.mjs'
import { SetupFailure } from './failure.mjs'
import { modules, out, root } from './paths.mjs'
import { digestTree, readStamp, writeStamp } from './stamp.mjs'

const stamp = join(out, 'build.json')
const inputNames = ['src', 'resources', 'electron.vite.config.ts', 'tsconfig.base.json', 'tsconfig.web.json']

function inputs() {
  const names = [...inputNames, 'package.json', join('node_modules', '.tunesmith', 'dependencies.json')]
  return digestTree(names.map((name) => join(root, name)))
}

/** The built entry files: when one is gone, the build is not whole. */
function outputs() {
  return ['main', 'preload', 'renderer'].flatMap((name) => {
    const folder = join(out, name)
    return existsSync(folder) ? readdirSync(folder).map((file) => `${name}/${file}`) : []
  })
}

/**
 * The part of the builder's output that names the mistake: no colours, no stack, from the first error on.
 * @param {string} output
 */
export function mistakeIn(output) {
  const lines = output.replace(/\u001b\[[0-9;]*m/g, '').split('\n')
  const told = lines.filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
  const first = told.findIndex((line) => /error/i.test(line))
  return told.slice(Math.max(first, 0)).slice(0, 12).join('\n')
}

export const build = {
  name: 'build',
  isDone() {
    const last = /** @type {{ inputs: string, outputs: string[] } | undefined} */ (readStamp(stamp))
    return last?.inputs === inputs() && last.outputs.every((file) => existsSync(join(out, file)))
  },
  async run() {
    const before = inputs()
    const builder = join(modules, 'electron-vite', 'bin', 'electron-vite.js')
    const { status, output } = await capture(process.execPath, [builder, 'build'], { cwd: root })
    if (status !== 0) {
      throw new SetupFailure(
        `The app did not build; the builder said:\n${mistakeIn(output)}`,
        'Correct what it names, then run the same command again.',
      )
    }
    writeStamp(stamp, { inputs: before, outputs: outputs() })
    return 'built'
  },
}
