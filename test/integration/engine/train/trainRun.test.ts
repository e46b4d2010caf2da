import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { verifyFolder } from '../../../../src/main/engine/checkpoint/folderWriter'
import { checkpointFolder } from '../../../../src/main/engine/checkpoint/trainingCheckpoint'
import { loadPredictor } from '../../../../src/main/engine/train/predict'
import type { TrainSpec } from '../../../../src/main/engine/train/spec'
import { eventsOf, LABELS, record, scripted, tinyRows, tinySpec } from './tinyRun'

const made: string[] = []
async function spec(
  settings: Record<string, unknown>,
  more: Parameters<typeof tinySpec>[1] = {},
): Promise<TrainSpec> {
  const one = await tinySpec(settings, more)
  made.push(dirname(one.outputDir))
  return one
}
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true })
})

const weights = (one: TrainSpec) => readFile(join(one.outputDir, 'model.safetensors'))

describe('a run from random weights', () => {
  it('learns, tells its story in order, and leaves a model that says the same', async () => {
    const one = await spec({ num_train_epochs: 30, eval_strategy: 'epoch', logging_steps: 5 }, { rows: 120 })
    const recorded = await record(one)
    const kinds = recorded.events.map(({ event }) => event)
    expect(kinds.indexOf('start')).toBeLessThan(kinds.indexOf('step'))
    expect(kinds.slice(-2)).toEqual(['checkpoint', 'end'])
    expect(eventsOf(recorded, 'start')[0]).toMatchObject({
      labels: LABELS,
      train_rows: 120,
      validation_rows: 20,
      total_steps: 450,
    })
    const losses = eventsOf(recorded, 'step').map(({ loss }) => loss)
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2)
    const end = eventsOf(recorded, 'end')[0]!
    expect(end).toMatchObject({ state: 'completed', output_dir: one.outputDir })
    expect(end.train_samples_per_second).toBeGreaterThan(0)

    const { predictor, opened, notes } = await loadPredictor({ kind: 'folder', dir: one.outputDir })
    expect([opened.labels, notes]).toEqual([LABELS, []])
    const logits = await predictor.logits(one.validation!)
    const hits = one.validation!.labels.filter((label, row) => {
      const scores = logits.subarray(row * 3, row * 3 + 3)
      return scores.indexOf(Math.max(...scores)) === label
    })
    expect(hits.length / 20).toBe(end.metrics['accuracy'])
    await predictor.release()
  })

  it('gives the same bits twice, and others for another seed', async () => {
    const [a, b, c] = [await spec({ seed: 7 }), await spec({ seed: 7 }), await spec({ seed: 8 })]
    for (const one of [a, b, c]) await record(one)
    expect((await weights(a)).equals(await weights(b))).toBe(true)
    expect((await weights(a)).equals(await weights(c))).toBe(false)
  })

  it('sums micro-batches to the whole batch', async () => {
    const settings = {
      per_device_train_batch_size: 12,
      config_overrides: { hidden_dropout_prob: 0, attention_probs_dropout_prob: 0 },
    }
    const whole = await record(await spec({ ...settings, max_steps: 3 }, { rows: 12 }))
    const accumulated = await record(
      await spec(
        { ...settings, max_steps: 3, per_device_train_batch_size: 4, gradient_accumulation_steps: 3 },
        { rows: 12 },
      ),
    )
    const told = (recorded: typeof whole) =>
      eventsOf(recorded, 'step').map(({ loss, grad_norm }) => [loss, grad_norm])
    told(accumulated).forEach(([loss, norm], i) => {
      expect(Math.abs(loss! / told(whole)[i]![0]! - 1)).toBeLessThan(1e-5)
      expect(Math.abs(norm! / told(whole)[i]![1]! - 1)).toBeLessThan(1e-4)
    })
  })

  it('predicts watched rows at the start and after each evaluation', async () => {
    const one = await spec({ eval_strategy: 'epoch' })
    const described: number[] = []
    const describeRows = (logits: Float32Array) => {
      described.push(logits.length)
      return [{ text: 'row', label: 'low', scores: {} }]
    }
    const recorded = await record(one, { watched: { rows: tinyRows(3, 9), describe: describeRows } })
    expect(eventsOf(recorded, 'predictions').map(({ step }) => step)).toEqual([0, 6, 12])
    expect(described).toEqual([9, 9, 9])
  })

  it('tells its progress at least twice a second', async () => {
    let clock = 0
    const recorded = await record(await spec({ logging_steps: 100 }), { nowMs: () => (clock += 30) })
    const steps = eventsOf(recorded, 'progress').map(({ step }) => step)
    expect(steps.length).toBeGreaterThanOrEqual(3)
    expect(steps.at(-1)).toBe(12)
  })
})

describe('stopping a run', () => {
  it('cancels within a step, keeps a checkpoint, and writes no final model', async () => {
    const one = await spec({})
    const recorded = await record(one, { cancelAfter: 4 })
    expect(recorded.result).toMatchObject({ state: 'cancelled', steps: 4 })
    expect(eventsOf(recorded, 'checkpoint')).toMatchObject([{ step: 4, kind: 'resume' }])
    await verifyFolder(checkpointFolder(one.checkpointsDir, 4))
    expect(await readdir(dirname(one.outputDir))).toEqual(['checkpoints'])
  })

  it('pauses within a step, after writing a resume point, and goes on', async () => {
    const one = await spec({})
    let release: () => void = () => undefined
    let pause: Promise<void> | null = null
    let steps = 0
    const recorded = await record(one, {
      paused: () => pause,
      emit(event) {
        if (event.event === 'step' && ++steps === 3)
          pause = new Promise((resolve) => {
            release = () => {
              pause = null
              resolve()
            }
          })
        if (event.event === 'state' && event.state === 'paused') setTimeout(release, 20)
      },
    })
    expect(recorded.result.state).toBe('completed')
    const story = recorded.events.filter(({ event }) => ['state', 'step', 'checkpoint'].includes(event))
    expect(story.slice(2, 7)).toMatchObject([
      { event: 'step', step: 3 },
      { event: 'checkpoint', step: 3, kind: 'resume' },
      { event: 'state', state: 'paused' },
      { event: 'state', state: 'running' },
      { event: 'step', step: 4 },
    ])
  })

  it('can be cancelled while paused', async () => {
    const cancel = new AbortController()
    const recorded = await record(await spec({}), {
      signal: cancel.signal,
      paused: () => new Promise(() => undefined),
      emit(event) {
        if (event.event === 'state') cancel.abort()
      },
    })
    expect(recorded.result).toMatchObject({ state: 'cancelled', steps: 0 })
  })

  it('stops by itself where the loss is no number, names the step, and keeps the last checkpoint', async () => {
    const one = await spec({ learning_rate: 1e36, max_grad_norm: 0, save_strategy: 'steps', save_steps: 1 })
    await expect(record(one)).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(/(loss|gradient) became (NaN|infinite) at step 2\./) as string,
    })
    await verifyFolder(checkpointFolder(one.checkpointsDir, 1))
    expect(await readdir(one.checkpointsDir)).toEqual(['checkpoint-1'])
  })

  it('stops when a rule from outside says so', async () => {
    const one = await spec({ eval_strategy: 'steps', eval_steps: 5 })
    const recorded = await record(one, {
      shouldStopAfterEvaluation: (_, step) => (step >= 5 ? 'Pruned.' : null),
    })
    expect(recorded.result).toMatchObject({ state: 'stopped', reason: 'Pruned.', steps: 5 })
    await verifyFolder(one.outputDir)
  })
})

describe('checkpoints', () => {
  it('keep the newest and the best within the limit, and end with the best weights', async () => {
    const scores = [0.1, 0.9, 0.3, 0.2]
    let evaluation = 0
    const one = await spec({
      num_train_epochs: 4,
      eval_strategy: 'epoch',
      save_strategy: 'epoch',
      save_total_limit: 2,
      load_best_model_at_end: true,
      metric_for_best_model: 'score',
    })
    const recorded = await record(one, { newScorer: scripted(() => ({ score: scores[evaluation++]! })) })
    expect(eventsOf(recorded, 'checkpoint').map(({ step, kind, is_best }) => [step, kind, is_best])).toEqual([
      [6, 'saved', true],
      [12, 'saved', true],
      [18, 'saved', false],
      [24, 'saved', false],
      [24, 'final', false],
    ])
    expect((await readdir(one.checkpointsDir)).sort()).toEqual(['checkpoint-12', 'checkpoint-24'])
    expect(eventsOf(recorded, 'checkpoint-deleted')).toHaveLength(2)
    const best = await readFile(join(checkpointFolder(one.checkpointsDir, 12), 'model.safetensors'))
    expect((await weights(one)).equals(best)).toBe(true)
    expect(recorded.result.metrics['score']).toBe(0.9)
  })

  it('are written where an evaluation was the best, with save_strategy best', async () => {
    const scores = [0.5, 0.4, 0.6]
    let evaluation = 0
    const one = await spec({
      num_train_epochs: 3,
      eval_strategy: 'epoch',
      save_strategy: 'best',
      metric_for_best_model: 'score',
    })
    await record(one, { newScorer: scripted(() => ({ score: scores[evaluation++] ?? 0 })) })
    expect((await readdir(one.checkpointsDir)).sort()).toEqual(['checkpoint-18', 'checkpoint-6'])
  })

  it('come every two minutes beside those asked for, one at a time', async () => {
    let clock = 0
    const one = await spec({}, { rows: 80 })
    const recorded = await record(one, { nowMs: () => (clock += 5_000) })
    const points = eventsOf(recorded, 'checkpoint').filter(({ kind }) => kind === 'resume')
    expect(points.length).toBeGreaterThanOrEqual(2)
    expect(await readdir(one.checkpointsDir)).toEqual([`checkpoint-${points.at(-1)!.step}`])
  })

  it('load as Hugging Face folders, tokenizer files beside them', async () => {
    const one = await spec({ save_strategy: 'epoch' })
    const vocabulary = join(dirname(one.outputDir), 'vocab.txt')
    await writeFile(vocabulary, '[PAD]\n[UNK]\n')
    await record({ ...one, tokenizerFiles: { 'vocab.txt': vocabulary } })
    for (const dir of [one.outputDir, checkpointFolder(one.checkpointsDir, 12)]) {
      expect(await readFile(join(dir, 'vocab.txt'), 'utf8')).toContain('[PAD]')
      const { opened, notes, predictor } = await loadPredictor({ kind: 'folder', dir })
      expect([opened.labels, notes]).toEqual([LABELS, []])
      await predictor.release()
    }
  })
})

describe('what does not fit is refused before the first step', () => {
  it.each([
    ['no validation rows', { eval_strategy: 'epoch' }, { validation: null }, 'eval_strategy'],
    [
      'no full batch',
      { dataloader_drop_last: true, per_device_train_batch_size: 64 },
      {},
      'dataloader_drop_last',
    ],
    ['rows longer than the model reads', {}, { model: { max_position_embeddings: 8 } }, 'max_length'],
    ['a tokenizer with more ids', {}, { model: { vocab_size: 20 } }, 'tokenizer'],
    ['a class that is not there', { class_weights: { hihg: 2 } }, {}, 'class_weights.hihg'],
  ] as const)('%s', async (_, settings, more, field) => {
    const one = await spec(settings, more)
    await expect(record(one)).rejects.toMatchObject({ name: 'UserError', where: { field } })
  })
})
