/** `data leaks`: rows that stand in two splits; on demand a version without them in train. */
import { LEAK_KINDS, LEAK_WORDS, LeakKind } from '../../shared/domain/leaks'
import { UserError } from '../../shared/errors'
import { EXIT, type Command } from '../command'
import { versionOfInput } from '../datasetInput'
import { table } from '../format'

export const dataLeaks: Command = {
  path: ['data', 'leaks'],
  positionals: ['DATA'],
  summary: 'Rows that stand in two splits of a file or dataset version; removes them from train on demand.',
  options: [{ name: 'remove', value: 'KINDS', help: `Kinds to remove: ${LEAK_KINDS.join(', ')}.` }],
  async run(context) {
    const { args, out, cwd } = context
    const services = context.services()
    const { datasets, jobs } = services
    const kinds = kindsOf(args.text('remove'))
    const version = await versionOfInput(services, args.positionals[0]!, cwd)
    const { leaks } = datasets.profile(version)
    if (!leaks) {
      throw new UserError('bad-input', 'This version was never compared across its splits.', {
        hint: 'No column looked like text, or an older Tunesmith imported it: import it again.',
      })
    }
    out.json({ event: 'leaks', version, ...leaks })
    out.text(`version ${version}: ${leaks.trainRows} training rows match held-out ones`)
    for (const { held, against, rows, sampledFrom } of leaks.pairs)
      if (sampledFrom !== undefined && against === 'train')
        out.text(`${rows} of ${sampledFrom} ${held} rows were compared`)
    const rows = leaks.pairs.flatMap(({ held, against, counts, matching }) =>
      LEAK_KINDS.map((kind) => [
        `${held} / ${against}`,
        LEAK_WORDS[kind],
        String(counts[kind]),
        String(matching[kind]),
      ]),
    )
    out.text(table(['splits', 'alike', 'held-out rows', 'their matches'], rows))
    if (kinds === null) return EXIT.done
    const job = datasets.derive(version, { kind: 'remove-leaks', columns: leaks.columns, kinds })
    context.onInterrupt(() => jobs.cancel(job.id))
    const made = await job.finished
    const { train, validation, test } = made.version.rows
    out.result(
      { event: 'derived', name: made.name, ...made.version },
      `${train} train, ${validation} validation, ${test} test rows\nversion ${made.version.id}`,
    )
    return EXIT.done
  },
}

function kindsOf(given: string | undefined): LeakKind[] | null {
  if (given === undefined) return null
  return given.split(',').map((name) => {
    const kind = LeakKind.safeParse(name.trim())
    if (kind.success) return kind.data
    throw new UserError('bad-input', `There is no kind of leak "${name}".`, {
      where: { field: '--remove' },
      hint: `Kinds are ${LEAK_KINDS.join(', ')}.`,
    })
  })
}
