/**
 * What a finished run says in plain words: how good it is, how that stands to the baseline, what to try next. Rules
 * over recorded figures; each sentence carries the button that acts on it.
 */
import type { EvalMetrics, Finding, RunFacts, RunState } from '../../shared/domain/run'
import { HEADLINES, isGreaterBetter, metricKind, metricLabel } from '../../shared/domain/metricNames'
import { bestIsGreater, bestMetric } from '../../shared/domain/runConfigRules'
import { isRandom, type RunConfig } from '../../shared/domain/runConfig'
import { problemOf, type Problem } from '../../shared/domain/tasks'
import { DEFAULT_STARTER } from '../../shared/domain/starters'
import type { RunId } from '../../shared/ids'
import { listEvaluations } from '../store/queries/evaluations'
import { listBaselines } from '../store/queries/runEvents'
import { findRun, setFindings } from '../store/queries/runs'
import { decode } from '../store/rows'
import type { ServiceContext } from './context'
import { pairedDifference, wilson } from '../metrics/significance/intervals'

export interface FinishedRun {
  state: RunState
  reason: string | null
  config: RunConfig
  facts: RunFacts | null
  step: number
  /** Of the model the run ends with. */
  metrics: EvalMetrics | null
  evaluations: readonly { step: number; epoch: number; metrics: EvalMetrics }[]
  baselines: readonly { name: string; metrics: EvalMetrics }[]
}

export function writeFindings(ctx: ServiceContext, id: RunId): void {
  const row = findRun(ctx.db, id)
  if (!row) return
  const end = decode<{ metrics: EvalMetrics }>(row.end_json)
  const findings = findingsOf({
    state: row.state as RunState,
    reason: row.reason,
    config: decode<RunConfig>(row.config_json),
    facts: decode<RunFacts>(row.facts_json),
    step: row.step,
    metrics: end?.metrics ?? decode<EvalMetrics>(row.last_eval_json),
    evaluations: listEvaluations(ctx.db, id),
    baselines: listBaselines(ctx.db, id),
  })
  if (findings.length > 0) setFindings(ctx.db, id, findings)
}

export function findingsOf(run: FinishedRun): Finding[] {
  if (run.state === 'failed' && /NaN|infinite|diverged/i.test(run.reason ?? '')) return [diverged(run)]
  if (run.state !== 'completed' && run.state !== 'stopped') return []
  const problem = problemOf(run.config)
  const rows = run.facts?.validation_rows ?? 0
  const judged = judgedBy(run, problem)
  if (judged === null || rows === 0)
    return [
      {
        sentence: 'Nothing was measured: the run had no validation rows or did not evaluate.',
        action: {
          label: 'Train again with evaluations',
          kind: 'train-again',
          set: { eval_strategy: 'epoch', save_strategy: 'epoch' },
        },
      },
    ]
  return [howGood(run, judged, rows), againstBaseline(run, judged, rows), whatNext(run, judged)]
}

/** The figure a run is judged by, as its findings call it. */
interface Judged {
  name: string
  label: string
  value: number
  problem: Problem
}

function judgedBy({ metrics }: FinishedRun, problem: Problem): Judged | null {
  // Tags that are no entities have no F1 of entities; their accuracy stands in.
  const name = HEADLINES[problem].find((candidate) => metrics?.[candidate] !== undefined)
  if (name === undefined) return null
  return { name, label: metricLabel(name, problem), value: metrics![name]!, problem }
}

function howGood({ metrics }: FinishedRun, { name, label, value, problem }: Judged, rows: number): Finding {
  const action = { label: 'Export bundle', kind: 'export' } as const
  if (problem === 'single-label') {
    const { low, high } = wilson(value, rows)
    const f1 = metrics?.f1_macro ?? metrics?.f1
    const also = f1 === undefined ? '' : `, macro F1 ${score(f1)}`
    return {
      sentence: `Accuracy ${score(value)} [${score(low)}, ${score(high)}]${also} on ${count(rows)} validation rows (95 % interval, Wilson).`,
      action,
    }
  }
  const second = HEADLINES[problem].find((other) => other !== name && metrics?.[other] !== undefined)
  const also = second === undefined ? '' : `, ${metricLabel(second, problem)} ${score(metrics![second]!)}`
  return { sentence: `${capital(label)} ${score(value)}${also} on ${count(rows)} validation rows.`, action }
}

function againstBaseline(run: FinishedRun, { name, label, value, problem }: Judged, rows: number): Finding {
  const sign = isGreaterBetter(name) ? 1 : -1
  const baseline = [...run.baselines]
    .filter((candidate) => candidate.metrics[name] !== undefined)
    .sort((a, b) => sign * (b.metrics[name]! - a.metrics[name]!))[0]
  if (!baseline)
    return {
      sentence:
        problem === 'single-label'
          ? 'No baseline was computed, so it is open how much of this the words alone give.'
          : 'No baseline was computed, so it is open how much of this is easy.',
      action: { label: 'Open the run', kind: 'open-run' },
    }
  const theirs = baseline.metrics[name]!
  const action = { label: 'Compare runs', kind: 'compare' } as const
  if (metricKind(name) === 'score') {
    const place = value >= theirs ? 'above' : 'below'
    if (score(value) === score(theirs) && baseline.metrics.mcnemar_p === undefined)
      return { sentence: `No better than the ${baseline.name} baseline (${score(theirs)}).`, action }
    return {
      sentence: `${points(value - theirs)} points ${place} the ${baseline.name} baseline (${score(theirs)})${verdict(baseline.metrics, rows)}.`,
      action,
    }
  }
  const change =
    theirs === 0
      ? ''
      : `, ${Math.round(100 * Math.abs(1 - value / theirs))} % ${value <= theirs ? 'less' : 'more'}`
  return {
    sentence: `${capital(label)} ${score(value)} against ${score(theirs)} of the ${baseline.name} baseline${change}.`,
    action,
  }
}

/** Whether chance explains the difference: both answered the same rows, so they are compared row by row. */
function verdict(baseline: EvalMetrics, rows: number): string {
  const { mcnemar_p: p, only_model_right: onlyModel, only_baseline_right: onlyBaseline } = baseline
  if (p === undefined || onlyModel === undefined || onlyBaseline === undefined) return ''
  const { low, high } = pairedDifference(onlyModel, onlyBaseline, rows)
  const chance = p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`
  const claim = p < 0.05 ? 'more than chance explains' : 'no more than chance explains'
  return `, ${claim} (95 % interval ${signed(low)} to ${signed(high)} points; McNemar’s exact test, ${chance})`
}

function whatNext(run: FinishedRun, judged: Judged): Finding {
  const { config, evaluations } = run
  const name = bestMetric(config)
  const sign = bestIsGreater(config) ? 1 : -1
  const measured = evaluations.filter((evaluation) => evaluation.metrics[name] !== undefined)
  const best = [...measured].sort((a, b) => sign * (b.metrics[name]! - a.metrics[name]!))[0]
  const isFromScratch = isRandom(config.model)
  const isOneClass = judged.problem === 'single-label'
  const words = Math.max(...run.baselines.map((baseline) => baseline.metrics.accuracy ?? 0), 0)
  if (run.state === 'completed' && measured.length > 1 && best === measured.at(-1)) {
    const epochs = Math.ceil(config.num_train_epochs * 1.5)
    return {
      sentence: `The last evaluation was the best one (${name} ${score(best!.metrics[name]!)}): it was still learning, so train longer.`,
      action: {
        label: `Train ${epochs} epochs`,
        kind: 'train-again',
        set: { num_train_epochs: epochs, max_steps: -1 },
      },
    }
  }
  if (isOneClass && isFromScratch && judged.value <= words)
    return {
      sentence:
        'From random weights a word count is hard to beat with this many rows: start from the starter encoder instead.',
      action: {
        label: 'Start from the starter encoder',
        kind: 'train-again',
        set: { model: { starter: DEFAULT_STARTER } },
      },
    }
  if (best && best.step < 0.7 * run.step)
    return {
      sentence: `The best evaluation came early (step ${count(best.step)} of ${count(run.step)}): stop sooner or add dropout.`,
      action: {
        label: 'Train with early stopping',
        kind: 'train-again',
        set: {
          early_stopping_patience: 2,
          load_best_model_at_end: true,
          eval_strategy: 'epoch',
          save_strategy: 'epoch',
        },
      },
    }
  return {
    sentence: 'A second seed tells how much of this is luck: the spread between seeds is part of the result.',
    action: { label: 'Train with another seed', kind: 'train-again', set: { seed: config.seed + 1 } },
  }
}

function diverged(run: FinishedRun): Finding {
  const rate = Number((run.config.learning_rate / 3).toPrecision(1))
  return {
    sentence: `${run.reason ?? 'The loss became infinite.'} A smaller learning rate usually cures this.`,
    action: { label: `Train with ${rate}`, kind: 'train-again', set: { learning_rate: rate } },
  }
}

function score(value: number): string {
  return Math.abs(value) < 100 ? value.toFixed(3) : value.toFixed(1)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function points(difference: number): string {
  return (100 * Math.abs(difference)).toFixed(1)
}

function signed(difference: number): string {
  return `${difference < 0 ? '−' : '+'}${points(difference)}`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
