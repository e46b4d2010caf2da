/** `bundle verify`: checksums, and every model file loaded and compared. */
import { resolve } from 'node:path'
import { EXIT, type Command } from '../command'

export const bundleVerify: Command = {
  path: ['bundle', 'verify'],
  positionals: ['DIR'],
  summary: 'Check a bundle: checksums, and that every model file loads and agrees.',
  options: [],
  async run({ args, out, cwd, services }) {
    const report = await services().models.verifyBundle(resolve(cwd, args.positionals[0]!))
    const lines = [
      `${report.path}: ${report.passed ? 'good' : 'not good'}, ${report.files.length} files`,
      ...report.files.filter((file) => !file.sha256Ok).map((file) => `  ${file.name}: its checksum differs`),
      ...report.parity.map(
        ({ file, maxAbsDiff }) => `  ${file}: largest difference ${maxAbsDiff.toExponential(2)}`,
      ),
      ...report.problems.map((problem) => `  ${problem}`),
    ]
    out.result(report, lines.join('\n'))
    return report.passed ? EXIT.done : EXIT.failed
  },
}
