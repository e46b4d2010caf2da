/** What a run tells, written and read back: the derived state, figures, and agreement after a resume. */
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { RunEvent, StepMetrics } from '../../../src/shared/domain/run'
import type { CheckpointId, RunId } from '../../../src/shared/ids'
import { change, type WritableDB } from '../../../src/main/store/handles'
import { listCheckpoints } from '../../../src/main/store/queries/checkpoints'
import { listEvaluations } from '../../../src/main/store/queries/evaluations'
import { series, stepsAfter } from '../../../src/main/store/queries/metrics'
import { recordEvents, recordState } from '../../../src/main/store/queries/recordEvents'
import { eventsAfter, latestPredictions, listBaselines } from '../../../src/main/store/queries/runEvents'
import { deleteRun, findRun, listRuns } from '../../../src/main/store/queries/runs'
import { openStore } from '../../../src/main/store/open'
import { addRunning } from './fixtures'
import { temporaryFolder } from './temporary'

let db: WritableDB
let run: RunId

beforeEach(() => {
  db = openStore(join(temporaryFolder(), 'tunesmith.db'))
  run = addRunning(db)
  return () => db.close()
})

function step(at: number, loss: number, more: Partial<StepMetrics> = {}): RunEvent {
  return {
    event: 'step',
    step: at,
    epoch: at / 10,
    loss,
    grad_norm: 1,
    learning_rate: 1e-3,
    tokens_per_second: 100,
    samples_per_second: 10,
    ...more,
  }
}

function record(...events: RunEvent[]): RunEvent[] {
  return recordEvents(
    db,
    run,
    events.map((event, i) => ({ event, atMs: 5_000 + i, id: `c${i}` as CheckpointId })),
  )
}

function checkpoint(at: number, isBest: boolean): RunEvent {
  const path = `runs/r1/checkpoints/checkpoint-${at}`
  return { event: 'checkpoint', step: at, path, kind: 'saved', size_bytes: 9, is_best: isBest, metrics: null }
}

describe('states', () => {
  it('are events, and the column follows them', () => {
    record({ event: 'state', state: 'paused' }, { event: 'state', state: 'running' })
    recordState(db, run, 'interrupted', 'its process died', 9_000)
    const row = findRun(db, run)!
    expect([row.state, row.reason, row.ended_at_ms]).toEqual(['interrupted', 'its process died', 9_000])
    const states = eventsAfter(db, run, 0).map(({ event }) => event.event === 'state' && event.state)
    expect(states).toEqual(['preparing', 'running', 'paused', 'running', 'interrupted'])
  })

  it('that come too late are not recorded', () => {
    recordState(db, run, 'cancelled', null, 9_000)
    expect(recordState(db, run, 'running', null, 9_001)).toBe(false)
    expect(recordState(db, run, 'failed', 'late', 9_002)).toBe(false)
    expect(findRun(db, run)!.state).toBe('cancelled')
  })

  it('end with the end event, and its figures are kept', () => {
    record({
      event: 'end',
      run,
      state: 'completed',
      metrics: { accuracy: 0.9 },
      train_samples_per_second: 10,
      train_runtime_seconds: 3,
      peak_rss_bytes: 123.4,
      output_dir: 'runs/r1',
    })
    const [summary] = listRuns(db)
    expect([summary!.state, summary!.peakRssBytes, summary!.endedAtMs]).toEqual(['completed', 123, 5_000])
  })
})

describe('figures', () => {
  it('are read back as they were, peaks and all', () => {
    record(...Array.from({ length: 2_000 }, (_, i) => step(i + 1, i === 1_234 ? 99 : 1 / (i + 1))))
    const curve = series(db, run, 'loss', 200)
    expect(curve.steps.length).toBeLessThanOrEqual(200)
    expect(curve.values).toContain(99)
    expect([curve.steps[0], curve.steps.at(-1)]).toEqual([1, 2_000])
    expect(stepsAfter(db, run, 1_999)).toEqual([
      {
        step: 2_000,
        epoch: 200,
        loss: 1 / 2_000,
        grad_norm: 1,
        learning_rate: 1e-3,
        tokens_per_second: 100,
        samples_per_second: 10,
      },
    ])
  })

  it('that are not finite are gaps', () => {
    record(step(1, 1), step(2, NaN), step(3, 3))
    expect(series(db, run, 'loss', 100)).toEqual({ name: 'loss', steps: [1, 3], values: [1, 3] })
    expect(listRuns(db)[0]!.lastLoss).toBe(3)
  })

  it('written twice and equal leave no trace; other speeds are no disagreement', () => {
    record(step(1, 0.5), step(2, 0.4))
    const again = record(step(2, 0.4, { samples_per_second: 99 }))
    expect(again.map((event) => event.event)).toEqual(['step'])
    expect(series(db, run, 'samples_per_second', 100).values).toEqual([10, 99])
  })

  it('written twice and different are noted, the newer kept', () => {
    record(step(1, 0.5))
    const again = record(step(1, 0.6))
    expect(again[1]).toMatchObject({ event: 'note' })
    expect(JSON.stringify(again[1])).toContain('loss was 0.5, is now 0.6')
    expect(series(db, run, 'loss', 100).values).toEqual([0.6])
  })
})

describe('evaluations', () => {
  it('give curves, the last and the best', () => {
    const evaluate = (at: number, accuracy: number): RunEvent => ({
      event: 'evaluate',
      step: at,
      epoch: at / 10,
      metrics: { accuracy, loss: 1 - accuracy, eval_runtime: at },
    })
    record(evaluate(10, 0.7), evaluate(20, 0.9), evaluate(30, 0.8))
    const [summary] = listRuns(db)
    expect([summary!.lastEval!.accuracy, summary!.bestEval!.accuracy]).toEqual([0.8, 0.9])
    expect(series(db, run, 'eval_accuracy', 100)).toEqual({
      name: 'eval_accuracy',
      steps: [10, 20, 30],
      values: [0.7, 0.9, 0.8],
    })
    expect(record(evaluate(20, 0.9))).toHaveLength(1)
    expect(record(evaluate(20, 0.85))[1]!.event).toBe('note')
    expect(listEvaluations(db, run)).toHaveLength(3)
  })
})

describe('checkpoints, predictions, baselines', () => {
  it('keep one best checkpoint, and forget deleted ones', () => {
    record(checkpoint(10, true), checkpoint(20, true), checkpoint(30, false))
    record({ event: 'checkpoint-deleted', path: 'runs/r1/checkpoints/checkpoint-10' })
    expect(listCheckpoints(db, run).map((one) => [one.step, one.isBest])).toEqual([
      [30, false],
      [20, true],
    ])
  })

  it('show the latest predictions and each baseline once', () => {
    const rows = (label: string) => [{ text: 'a', label, scores: { a: 1 } }]
    record(
      { event: 'predictions', step: 1, rows: rows('a') },
      { event: 'predictions', step: 9, rows: rows('b') },
      { event: 'baseline', name: 'bag of words', metrics: { accuracy: 0.5 } },
      { event: 'baseline', name: 'bag of words', metrics: { accuracy: 0.6 } },
    )
    expect(latestPredictions(db, run)).toEqual({ step: 9, rows: rows('b') })
    expect(listBaselines(db, run)).toEqual([{ name: 'bag of words', metrics: { accuracy: 0.6 } }])
  })
})

describe('the event log', () => {
  it('cannot be changed afterwards', () => {
    expect(() => change(db, "UPDATE run_events SET kind = 'x'")).toThrow(/append-only/)
  })

  it('goes with its run', () => {
    record(step(1, 1), checkpoint(1, true))
    deleteRun(db, run)
    expect(eventsAfter(db, run, 0)).toEqual([])
    expect(stepsAfter(db, run, 0)).toEqual([])
  })
})
