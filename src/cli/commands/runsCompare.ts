/** `runs compare`: figures side by side, the settings in which the runs differ, and whether they differ beyond noise. */
import { comparedFigures, differingSettings, MOST_COMPARED } from '../../shared/domain/comparison'
import { UserError } from '../../shared/errors'
import type { Command } from '../command'
import { EXIT } from '../command'
import { table } from '../format'

export const runsCompare: Command = {
  path: ['runs', 'compare'],
  positionals: ['RUN', 'RUN', '[RUN…]'],
  summary: 'Compare runs: figures, settings that differ, and whether each beats the first beyond noise.',
  options: [],
  async run({ args, out, services }) {
    const { runs: service, comparison } = services()
    const runs = args.positionals.map((reference) => service.show(service.find(reference).id))
    if (runs.length > MOST_COMPARED)
      throw new UserError('bad-input', `${runs.length} runs are more than can be compared.`, {
        hint: `Name at most ${MOST_COMPARED}.`,
      })
    const figures = comparedFigures(runs)
    const settings = differingSettings(runs)
    const names = runs.map(({ number }) => `run ${number}`)
    const judgements = await comparison.judge(
      runs.map(({ id }) => id),
      names,
    )
    const byName = <V>(rows: readonly { name: string; values: V[] }[]): Record<string, V[]> =>
      Object.fromEntries(rows.map(({ name, values }) => [name, values]))
    out.json({
      runs: runs.map((run) => run.id),
      metrics: byName(figures.map(({ metric, values }) => ({ name: metric, values }))),
      settings: byName(settings.rows),
      judgements,
    })
    const shown = (value: unknown): string =>
      typeof value === 'number' ? String(Number(value.toPrecision(6))) : JSON.stringify(value)
    out.text(
      table(
        ['', ...runs.map((run) => `${run.number} ${run.name}`)],
        [
          ...figures.map(({ metric, values, best }) => [
            metric,
            ...values.map((value, i) => shown(value) + (best.includes(i) ? ' *' : '')),
          ]),
          ...settings.rows.map(({ name, values }) => [name, ...values.map(shown)]),
        ],
      ),
    )
    if (figures.some(({ best }) => best.length > 0)) out.text('* best')
    for (const [i, { verdicts, note }] of judgements.entries()) {
      out.text('')
      if (note !== null) out.text(`${names[i + 1]!} and ${names[0]!}: ${note}`)
      for (const { sentence, warnings } of verdicts) out.text([sentence, ...warnings].join(' '))
      if (note === null && verdicts.length === 0)
        out.text(`${names[i + 1]!} and ${names[0]!}: nothing is known that a test could use.`)
    }
    return EXIT.done
  },
}
