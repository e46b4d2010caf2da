/** `runs compare`: figures side by side, and the settings in which the runs differ. */
import type { RunDetail } from '../../shared/domain/run'
import type { Command } from '../command'
import { EXIT } from '../command'
import { table } from '../format'

export const runsCompare: Command = {
  path: ['runs', 'compare'],
  positionals: ['RUN', 'RUN', '[RUN…]'],
  summary: 'Compare runs: their figures, and the settings in which they differ.',
  options: [],
  run({ args, out, services }) {
    const service = services().runs
    const runs = args.positionals.map((reference) => service.show(service.find(reference).id))
    const metrics = figuresOf(runs)
    const settings = differingSettings(runs)
    out.json({ runs: runs.map((run) => run.id), metrics, settings })
    const head = ['', ...runs.map((run) => `${run.number} ${run.name}`)]
    const rows = Object.entries({ ...metrics, ...settings }).map(([name, values]) => [
      name,
      ...values.map((value) =>
        typeof value === 'number' ? String(Number(value.toPrecision(6))) : JSON.stringify(value),
      ),
    ])
    out.text(table(head, rows))
    return EXIT.done
  },
}

function figuresOf(runs: readonly RunDetail[]): Record<string, unknown[]> {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.bestEval ?? {})))]
  return Object.fromEntries(names.map((name) => [name, runs.map((run) => run.bestEval?.[name] ?? null)]))
}

function differingSettings(runs: readonly RunDetail[]): Record<string, unknown[]> {
  const configs = runs.map((run) => run.config as unknown as Record<string, unknown>)
  const names = [...new Set(configs.flatMap((config) => Object.keys(config)))]
  const differing = names.filter(
    (name) => new Set(configs.map((config) => JSON.stringify(config[name]))).size > 1,
  )
  return Object.fromEntries(differing.map((name) => [name, configs.map((config) => config[name] ?? null)]))
}
