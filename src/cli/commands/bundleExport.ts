/** `bundle export`: a run's model as a folder that other programs load. */
import { resolve } from 'node:path'
import { EXIT, type Command } from '../command'
import { bytes } from '../format'

export const bundleExport: Command = {
  path: ['bundle', 'export'],
  positionals: ['RUN'],
  summary: 'Export a run as a bundle, reload every file and print the largest difference.',
  options: [
    { name: 'output', value: 'DIR', help: 'A new or empty folder; the default is in the data folder.' },
  ],
  async run(context) {
    const { args, out, cwd } = context
    const { runs, models, jobs } = context.services()
    const output = args.text('output')
    const { id } = runs.find(args.positionals[0]!)
    const job = models.exportBundle(id, output === undefined ? null : resolve(cwd, output))
    context.onInterrupt(() => jobs.cancel(job.id))
    const bundle = await job.finished
    const lines = bundle.parity.map(
      ({ file, maxAbsDiff, rows, passed, note }) =>
        `  ${file}: largest difference ${maxAbsDiff.toExponential(2)} on ${rows} rows, ${passed ? 'good' : 'too large'}${note === null ? '' : ` (${note})`}`,
    )
    out.result(bundle, [`${bundle.path} (${bytes(bundle.sizeBytes)})`, ...lines].join('\n'))
    return bundle.parity.every(({ passed }) => passed) ? EXIT.done : EXIT.failed
  },
}
