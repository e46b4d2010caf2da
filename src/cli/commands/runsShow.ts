/** `runs show`: everything about one run. */
import type { Command } from '../command'
import { EXIT } from '../command'
import { bytes, date, figures, table } from '../format'

export const runsShow: Command = {
  path: ['runs', 'show'],
  positionals: ['RUN'],
  summary: 'Show one run: state, config, metrics, checkpoints, findings.',
  options: [],
  run({ args, out, services }) {
    const { runs } = services()
    const run = runs.show(runs.find(args.positionals[0]!).id)
    out.json(run)
    const facts: [string, string][] = [
      ['run', `${run.number} (${run.id}) ${run.name}`],
      ['state', run.reason === null ? run.state : `${run.state}: ${run.reason}`],
      ['data', run.datasetName],
      ['model', run.modelName],
      ['step', `${run.step} of ${run.totalSteps ?? '–'}`],
      ['created', `${date(run.createdAtMs)} UTC`],
      ['output', run.outputDir],
    ]
    out.text(table(['', ''], facts).trimStart())
    for (const { name, metrics } of run.baselines)
      out.text(`baseline  ${name}: ${figures(metrics, run.problem)}`)
    for (const { step, metrics } of run.evaluations)
      out.text(`step ${step}: ${figures(metrics, run.problem)}`)
    for (const one of run.checkpoints)
      out.text(
        `checkpoint ${one.id} at step ${one.step}${one.isBest ? ', best' : ''} (${bytes(one.sizeBytes)}) ${one.path}`,
      )
    for (const { sentence } of run.findings) out.text(sentence)
    return EXIT.done
  },
}
