/** `data profile`: what is in a dataset or file: columns, types, class balance, warnings. */
import { EXIT, type Command } from '../command'
import { versionOfInput } from '../datasetInput'
import { table } from '../format'

export const dataProfile: Command = {
  path: ['data', 'profile'],
  positionals: ['DATA'],
  summary: 'Profile a file or an imported dataset version.',
  options: [],
  async run({ args, out, cwd, services }) {
    const version = await versionOfInput(services(), args.positionals[0]!, cwd)
    const profile = services().datasets.profile(version)
    const { train, validation, test } = profile.version.rows
    const rows = profile.columns.map((column) => [
      column.name,
      column.type,
      column.suggestedRole ?? '',
      String(column.distinct),
      String(column.empty),
      column.words ? `${column.words.median} / ${column.words.p95}` : '',
      column.values
        .slice(0, 4)
        .map(({ value, count }) => `${value} ${count}`)
        .join(', '),
    ])
    out.json(profile)
    out.text(`version ${version}: ${train} train, ${validation} validation, ${test} test rows`)
    out.text(
      table(['column', 'type', 'role', 'distinct', 'empty', 'words (median / p95)', 'most frequent'], rows),
    )
    out.text(`${profile.duplicates} duplicates, ${profile.version.rejected} rejected rows`)
    for (const warning of profile.warnings) out.text(warning)
    return EXIT.done
  },
}
