/** `data import`: a file into the studio's datasets. */
import { resolve } from 'node:path'
import { EXIT, type Command } from '../command'
import { SPLIT_OPTIONS, splitRule } from '../splitOptions'

export const dataImport: Command = {
  path: ['data', 'import'],
  positionals: ['FILE'],
  summary: 'Import a CSV, TSV, JSON or JSONL file as a dataset.',
  options: [{ name: 'name', value: 'NAME', help: 'Its name; the default is the file’s.' }, ...SPLIT_OPTIONS],
  async run(context) {
    const { args, out, cwd } = context
    const { datasets, jobs } = context.services()
    const path = resolve(cwd, args.positionals[0]!)
    const job = datasets.import({ kind: 'file', path }, args.text('name') ?? null, splitRule(args))
    context.onInterrupt(() => jobs.cancel(job.id))
    const { version, name } = await job.finished
    const { train, validation, test } = version.rows
    out.result(
      { name, ...version },
      `${name}: ${train} train, ${validation} validation, ${test} test rows, ${version.rejected} rejected\nversion ${version.id}`,
    )
    for (const { row, field, reason } of datasets.rejected(version.id).slice(0, 5))
      out.say(`row ${row}${field === null ? '' : `, field ${field}`}: ${reason}`)
    return EXIT.done
  },
}
