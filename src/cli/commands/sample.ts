/** `sample`: what a terminal without a display shows instead of the window: import, train, export, in one go. */
import { SAMPLE_RUN } from '../../shared/domain/sampleRun'
import { EXIT, type Command } from '../command'
import { bytes, duration, figures } from '../format'
import { exitCodeOf, followRun, sayEnd } from '../training'

export const sample: Command = {
  path: ['sample'],
  positionals: [],
  summary: 'Train the sample model on the sample data and export it as a bundle.',
  options: [
    { name: 'seed', value: 'N', help: 'Initial weights, dropout and order of rows.' },
    { name: 'output', value: 'DIR', help: 'Where the bundle goes; the default is the data folder.' },
  ],
  async run(context) {
    const { args, out } = context
    const startedAtMs = Date.now()
    const services = context.services()
    const seed = args.number('seed', { least: 0, most: 2 ** 32 - 1, isWhole: true })
    out.say('Sample: definitions of WordNet, 12 kinds of things, the starter encoder.')
    const id = await services.runs.start({ ...SAMPLE_RUN, ...(seed !== undefined && { seed }) })
    const run = await followRun(context, services, id)
    if (run.state !== 'completed' && run.state !== 'stopped') {
      sayEnd(context, run)
      return exitCodeOf(run.state)
    }
    out.progress(null, 'exporting the bundle')
    const bundle = await services.models.exportBundle(run.id, args.text('output') ?? null).finished
    const seconds = (Date.now() - startedAtMs) / 1000
    out.json({
      event: 'sample',
      run: run.id,
      metrics: run.bestEval ?? {},
      baselines: run.baselines,
      output_dir: run.outputDir,
      bundle: bundle.path,
      seconds,
    })
    out.text(`\nDone in ${duration(seconds)}.`)
    out.text(`  model      ${figures(run.bestEval ?? {}, run.problem)}`)
    for (const { name, metrics } of run.baselines)
      out.text(`  baseline   ${figures(metrics, run.problem)} (${name})`)
    for (const { sentence } of run.findings) out.text(`  ${sentence}`)
    for (const { file, maxAbsDiff, passed } of bundle.parity)
      out.text(`  ${file}: largest difference ${maxAbsDiff.toExponential(1)}${passed ? '' : ' – too large'}`)
    out.text(`  run        ${run.number} (${run.id}), ${run.outputDir}`)
    out.text(`  bundle     ${bundle.path} (${bytes(bundle.sizeBytes)})`)
    return bundle.parity.every(({ passed }) => passed) ? EXIT.done : EXIT.failed
  },
}
