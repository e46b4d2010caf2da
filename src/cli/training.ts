/** A run in a terminal: the events of the contract on stdout, progress on stderr, Ctrl-C stops with a checkpoint. */
import type { EvalMetrics, RunDetail, RunEvent, RunState } from '../shared/domain/run'
import type { Problem } from '../shared/domain/tasks'
import type { RunId } from '../shared/ids'
import type { Services } from '../main/services/create'
import { EXIT, type CommandContext } from './command'
import { duration, figures } from './format'

/** Lines of `train --json`, as docs/cli.md lists them. */
const CONTRACT: ReadonlySet<RunEvent['event']> = new Set(['start', 'step', 'evaluate', 'checkpoint', 'end'])

/** Follows a run of this process to its end and says how it went. */
export async function followRun(context: CommandContext, services: Services, run: RunId): Promise<RunDetail> {
  const { out } = context
  const seen = { end: false, loss: '' }
  const { problem } = services.runs.show(run)
  const ahead = services.runs.aheadOf(run)
  if (ahead) out.say(`Waiting for run ${ahead.number} (${ahead.name}) to end.`)
  const stop = services.runs.follow(run, (events) => {
    for (const event of events) {
      if (CONTRACT.has(event.event)) out.json(event)
      if (event.event === 'end') seen.end = true
      if (event.event === 'step') seen.loss = `loss ${event.loss.toFixed(3)} · `
      tell(context, event, seen.loss, problem)
    }
  })
  context.onInterrupt(() => {
    out.say('Stopping after this step, with a checkpoint. Press Ctrl-C again to end at once.')
    const { state } = services.runs.show(run)
    if (['queued', 'preparing', 'running', 'paused'].includes(state)) services.runs.cancel(run)
  })
  await services.runs.ended(run)
  stop()
  const detail = services.runs.show(run)
  if (!seen.end) out.json(endOf(detail))
  return detail
}

export function exitCodeOf(state: RunState): number {
  if (state === 'completed' || state === 'stopped') return EXIT.done
  return state === 'cancelled' ? EXIT.cancelled : EXIT.failed
}

/** The last line for a person: how it ended, where it is, what to do next. */
export function sayEnd({ out }: CommandContext, run: RunDetail): void {
  const seconds = ((run.endedAtMs ?? 0) - (run.startedAtMs ?? 0)) / 1000
  out.text(
    `Run ${run.number} (${run.id}) ${run.state} after ${duration(seconds)}${run.reason ? `: ${run.reason}` : '.'}`,
  )
  for (const baseline of run.baselines)
    out.text(`  ${baseline.name} baseline: ${figures(baseline.metrics, run.problem)}`)
  const metrics = run.bestEval ?? run.lastEval
  if (metrics) out.text(`  this model: ${figures(metrics, run.problem)}`)
  for (const finding of run.findings) out.text(`  ${finding.sentence}`)
  out.text(`  output: ${run.outputDir}`)
  if (['cancelled', 'failed', 'interrupted'].includes(run.state))
    out.text(`  go on with: tunesmith resume ${run.number}`)
}

function tell({ out }: CommandContext, event: RunEvent, lastLoss: string, problem: Problem): void {
  switch (event.event) {
    case 'state':
      if (event.state === 'preparing') out.progress(null, 'preparing')
      else if (event.state === 'paused' && event.reason !== undefined) out.say(event.reason)
      return
    case 'prepare':
      out.progress(event.total > 0 ? event.done / event.total : null, event.stage)
      return
    case 'start':
      out.say(
        `${event.train_rows.toLocaleString('en-US')} rows, ${event.labels.length > 1 ? `${event.labels.length} labels, ` : ''}` +
          `${(event.trainable_parameters / 1e6).toFixed(2)} M parameters, ${event.total_steps} steps ` +
          `on ${event.provider} with ${event.num_threads} threads`,
      )
      return
    case 'progress': {
      const left = event.seconds_left === null ? '' : ` · ${duration(event.seconds_left)} left`
      const rate = `${Math.round(event.samples_per_second)} rows/s`
      out.progress(
        event.step / event.total_steps,
        `step ${event.step}/${event.total_steps} · ${lastLoss}${rate}${left}`,
      )
      return
    }
    case 'evaluate':
      out.say(`epoch ${event.epoch.toFixed(2)}, step ${event.step}: ${figures(event.metrics, problem)}`)
      return
    case 'baseline':
      out.say(`${event.name} baseline: ${figures(event.metrics, problem)}`)
      return
    case 'note':
      out.say(event.text)
      return
    case 'checkpoint':
    case 'checkpoint-deleted':
    case 'end':
    case 'predictions':
    case 'step':
      return
  }
}

/** The end line of a run whose engine could not write one itself. */
function endOf(run: RunDetail): Record<string, unknown> {
  const metrics: EvalMetrics = run.lastEval ?? {}
  return {
    event: 'end',
    run: run.id,
    state: run.state,
    ...(run.reason !== null && { reason: run.reason }),
    metrics,
    train_samples_per_second: run.samplesPerSecond ?? 0,
    train_runtime_seconds: ((run.endedAtMs ?? 0) - (run.startedAtMs ?? run.endedAtMs ?? 0)) / 1000,
    peak_rss_bytes: run.peakRssBytes ?? 0,
    output_dir: run.outputDir,
  }
}
