/** `data import`: a file into the studio's datasets. */
import { resolve } from 'node:path'
import type { DatasetVersion } from '../../shared/domain/dataset'
import { EXIT, type Command } from '../command'
import { SOURCE_OPTIONS, sourceSettings } from '../sourceOptions'
import { SPLIT_OPTIONS, splitRule } from '../splitOptions'

export const dataImport: Command = {
  path: ['data', 'import'],
  positionals: ['FILE'],
  summary: 'Import a file of a table or text, or a folder of texts, as a dataset.',
  options: [
    { name: 'name', value: 'NAME', help: 'Its name; the default is the file’s.' },
    ...SOURCE_OPTIONS,
    ...SPLIT_OPTIONS,
  ],
  async run(context) {
    const { args, out, cwd } = context
    const { datasets, jobs } = context.services()
    const path = resolve(cwd, args.positionals[0]!)
    const source = { kind: 'file', path, settings: sourceSettings(args) } as const
    const job = datasets.import(source, args.text('name') ?? null, splitRule(args))
    context.onInterrupt(() => jobs.cancel(job.id))
    const { version, name } = await job.finished
    const { train, validation, test } = version.rows
    out.result(
      { name, ...version },
      `${name}: ${train} train, ${validation} validation, ${test} test rows, ${version.rejected} rejected\n${readAs(version.source)}version ${version.id}`,
    )
    for (const { row, field, reason } of datasets.rejected(version.id).slice(0, 5))
      out.say(`row ${row}${field === null ? '' : `, field ${field}`}: ${reason}`)
    return EXIT.done
  },
}

/** How the file was read: what was found out about it. */
function readAs(source: DatasetVersion['source']): string {
  if (source.kind !== 'file') return ''
  const delimiter = source.delimiter === undefined ? '' : `, delimiter ${JSON.stringify(source.delimiter)}`
  return `read as ${source.format}, ${source.encoding}${delimiter}\n`
}
