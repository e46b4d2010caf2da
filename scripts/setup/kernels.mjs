// The engine's loops in WebAssembly SIMD: each src/main/engine/kernels/NAME.as.ts becomes out/kernels/NAME.wasm.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { capture, lastLines } from './childProcess.mjs'
import { SetupFailure } from './failure.mjs'
import { modules, out, root } from './paths.mjs'
import { digest, isStamped, writeStamp } from './stamp.mjs'

const sources = join(root, 'src', 'main', 'engine', 'kernels')
const folder = join(out, 'kernels')
const stamp = join(folder, 'stamp.json')
const suffix = '.as.ts'
const flags = ['-O3', '--enable', 'simd', '--importMemory']

function kernelNames() {
  if (!existsSync(sources)) return []
  const files = readdirSync(sources).filter((file) => file.endsWith(suffix))
  return files.map((file) => file.slice(0, -suffix.length)).sort()
}

function inputs() {
  const compiler = readFileSync(join(modules, 'assemblyscript', 'package.json'))
  const contents = kernelNames().flatMap((name) => [name, readFileSync(join(sources, name + suffix))])
  return digest([...flags, compiler, ...contents])
}

export const kernels = {
  name: 'kernels',
  isDone: () =>
    isStamped(stamp, inputs()) && kernelNames().every((name) => existsSync(join(folder, `${name}.wasm`))),
  async run() {
    mkdirSync(folder, { recursive: true })
    for (const name of kernelNames()) {
      const file = join(folder, `${name}.wasm`)
      const compiler = join(modules, 'assemblyscript', 'bin', 'asc.js')
      const args = [compiler, join(sources, name + suffix), ...flags, '--outFile', `${file}.part`]
      const { status, output } = await capture(process.execPath, args, { cwd: root })
      if (status !== 0) {
        throw new SetupFailure(
          `The kernel ${name}${suffix} did not compile:\n${lastLines(output)}`,
          'Correct it, then run the same command again.',
        )
      }
      renameSync(`${file}.part`, file)
    }
    writeStamp(stamp, inputs())
    return `${kernelNames().length} compiled`
  },
}
