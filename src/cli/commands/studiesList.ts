/** `studies list`: all studies, newest first. */
import type { Command } from '../command'
import { EXIT } from '../command'
import { date, table } from '../format'

export const studiesList: Command = {
  path: ['studies', 'list'],
  positionals: [],
  summary: 'List all studies, newest first.',
  options: [],
  run({ out, services }) {
    const studies = services().studies.list()
    for (const study of studies) out.json(study)
    const rows = studies.map(({ number, id, name, state, metric, best, trials, createdAtMs }) => [
      String(number),
      id,
      name,
      state,
      `${trials.complete} complete, ${trials.pruned} pruned, ${trials.fail} failed`,
      best ? `${metric} ${best.value.toFixed(4)}` : '–',
      date(createdAtMs),
    ])
    if (studies.length === 0) out.text('No studies yet. tunesmith tune --config study.json makes one.')
    else out.text(table(['no', 'id', 'name', 'state', 'trials', 'best', 'created (UTC)'], rows))
    return EXIT.done
  },
}
