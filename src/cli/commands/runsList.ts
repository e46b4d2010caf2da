/** `runs list`: the history, newest first. */
import type { Command } from '../command'
import { EXIT } from '../command'
import { date, figures, table } from '../format'

export const runsList: Command = {
  path: ['runs', 'list'],
  positionals: [],
  summary: 'List all runs, newest first.',
  options: [],
  run({ out, services }) {
    const runs = services().runs.list()
    for (const run of runs) out.json(run)
    const rows = runs.map((run) => [
      String(run.number),
      run.id,
      run.name,
      run.state,
      run.datasetName,
      run.modelName,
      run.bestEval ? figures(run.bestEval, run.problem).split(',')[0]! : '–',
      date(run.createdAtMs),
    ])
    if (runs.length === 0) out.text('No runs yet. tunesmith sample makes one.')
    else out.text(table(['no', 'id', 'name', 'state', 'data', 'model', 'best', 'created (UTC)'], rows))
    return EXIT.done
  },
}
