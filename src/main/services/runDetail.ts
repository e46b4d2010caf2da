/** Everything the history shows of one run, put together from its rows. */
import { HEADLINES, metricLabel } from '../../shared/domain/metricNames'
import type { EvalMetrics, Finding, RunDetail, RunEvent, RunFacts } from '../../shared/domain/run'
import type { RunConfig } from '../../shared/domain/runConfig'
import type { Problem } from '../../shared/domain/tasks'
import type { RunId } from '../../shared/ids'
import { megabytes } from '../../shared/megabytes'
import { inSnapshot } from '../store/handles'
import { listCheckpoints } from '../store/queries/checkpoints'
import { listEvaluations } from '../store/queries/evaluations'
import { eventsAfter, latestPredictions, listBaselines } from '../store/queries/runEvents'
import { decode, toRunSummary, type RunRow } from '../store/rows'
import type { ServiceContext } from './context'
import { fromStored } from './home'

export function runDetail(ctx: ServiceContext, row: RunRow): RunDetail {
  const id = row.id as RunId
  return inSnapshot(ctx.db, () => {
    const summary = toRunSummary(row)
    const checkpoints = listCheckpoints(ctx.db, id).map((checkpoint) => ({
      ...checkpoint,
      path: fromStored(ctx.home, checkpoint.path),
    }))
    return {
      ...summary,
      config: decode<RunConfig>(row.config_json),
      facts: decode<RunFacts>(row.facts_json),
      environment: decode<Record<string, string>>(row.environment_json),
      outputDir: fromStored(ctx.home, row.run_dir),
      trainableParameters: row.trainable_parameters,
      totalParameters: row.total_parameters,
      baselines: listBaselines(ctx.db, id),
      evaluations: listEvaluations(ctx.db, id),
      predictions: latestPredictions(ctx.db, id),
      checkpoints,
      events: eventsAfter(ctx.db, id, 0).flatMap(({ atMs, event }) => {
        const described = describe(event, summary.problem)
        return described ? [{ atMs, ...described }] : []
      }),
      findings: decode<Finding[]>(row.findings_json) ?? [],
      lastResumePointAtMs: checkpoints.find((checkpoint) => checkpoint.kind !== 'final')?.createdAtMs ?? null,
    }
  })
}

type Described = Omit<RunDetail['events'][number], 'atMs'>

function describe(event: RunEvent, problem: Problem): Described | null {
  switch (event.event) {
    case 'state':
      return { kind: 'state', text: withReason(event.state, event.reason) }
    case 'end':
      return { kind: 'state', text: withReason(event.state, event.reason) }
    case 'checkpoint': {
      const what = { saved: 'Checkpoint', resume: 'Resume point', final: 'Model' }[event.kind]
      const best = event.is_best ? ', best so far' : ''
      return {
        kind: 'checkpoint',
        text: `${what} at step ${event.step} (${megabytes(event.size_bytes)}${best})`,
      }
    }
    case 'evaluate':
      return {
        kind: 'evaluation',
        text: `Evaluated at step ${event.step}: ${figures(event.metrics, problem)}`,
      }
    case 'baseline':
      return { kind: 'note', text: `Baseline ${event.name}: ${figures(event.metrics, problem)}` }
    case 'note':
      return { kind: 'note', text: event.text }
    case 'start':
      return {
        kind: 'note',
        text: `${event.total_steps} steps over ${event.train_rows} rows on ${event.provider}, ${event.num_threads} threads`,
      }
    case 'checkpoint-deleted':
    case 'predictions':
    case 'prepare':
    case 'progress':
    case 'step':
      return null
  }
}

function figures(metrics: EvalMetrics, problem: Problem): string {
  const told = ['loss', ...HEADLINES[problem]].filter((name) => Number.isFinite(metrics[name]))
  return told.map((name) => `${metricLabel(name, problem)} ${metrics[name]!.toFixed(3)}`).join('; ')
}

function withReason(state: string, reason: string | undefined): string {
  const shown = state[0]!.toUpperCase() + state.slice(1)
  return reason ? `${shown}: ${reason}` : shown
}
