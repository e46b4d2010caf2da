/** A real run keeps what it answered: the best and the last evaluation, once each, until it is deleted. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Services } from '../../../src/main/services/create'
import { RandomStream } from '../../../src/main/engine/random/stream'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import type { RunId } from '../../../src/shared/ids'
import type { Verdict } from '../../../src/shared/domain/significance'
import { ONE_LAYER_BERT } from '../../helpers/oneLayerBert'
import { tunesmith } from '../cli/terminal'
import { withServices } from '../services/withServices'
import { temporaryFolder } from '../store/temporary'

const NOISE = ['the', 'day', 'with', 'on', 'again', 'some', 'then', 'off']

function csv(rows: number, seed: number): string {
  const random = new RandomStream(seed)
  const word = () => NOISE[random.below(NOISE.length)]!
  return `text,label,place\n${Array.from({ length: rows }, (_, i) => {
    const isSport = random.below(2) === 0
    // One label in ten is wrong: no run learns them all.
    const label = isSport !== (random.below(10) === 0) ? 'sport' : 'weather'
    return `${word()} ${isSport ? 'goal' : 'rain'} ${word()} ${i},${label},${i % 3 === 0 ? 'home' : 'away'}`
  }).join('\n')}\n`
}

function settings(home: string): Record<string, unknown> {
  for (const [split, rows] of [
    ['train', 120],
    ['validation', 40],
  ] as const)
    writeFileSync(join(home, `${split}.csv`), csv(rows, rows))
  return {
    task: 'sequence-classification',
    model: { architecture: 'bert', config: { ...ONE_LAYER_BERT, max_position_embeddings: 16 } },
    dataset: { train: join(home, 'train.csv'), validation: join(home, 'validation.csv') },
    vocab_size: 120,
    max_length: 16,
    per_device_train_batch_size: 20,
    num_train_epochs: 6,
    learning_rate: 5e-3,
    eval_strategy: 'steps',
    eval_steps: 4,
    save_strategy: 'steps',
    save_steps: 4,
    label_smoothing_factor: 0.1,
    num_threads: 1,
  }
}

const ALL = { sort: 'row', offset: 0, limit: 500 } as const
const folderOf = (services: Services, run: RunId) => join(services.runs.show(run).outputDir, 'examples')

describe('a run', () => {
  it('keeps the best and the last evaluation, as it told them, and gives them up with itself', async () => {
    const home = temporaryFolder()
    await withServices(home, async ({ runs, examples, history, ...services }) => {
      const id = await runs.start(settings(home))
      expect(await runs.ended(id)).toBe('completed')
      const { evaluations } = runs.show(id)
      const kept = examples.kept(id)
      const best = [...evaluations].sort((a, b) => a.metrics.loss! - b.metrics.loss! || a.step - b.step)[0]!
      expect(evaluations).toHaveLength(9)
      expect(kept.filter((one) => one.isLast).map(({ step }) => step)).toEqual([36])
      expect(kept.filter((one) => one.isBest).map(({ step }) => step)).toEqual([best.step])
      for (const { step, metrics, isBest } of kept) {
        expect(metrics).toEqual(evaluations.find((one) => one.step === step)!.metrics)
        const page = examples.page(id, step, ALL)
        expect(page.rows).toBe(40)
        expect(page.wrong! / 40).toBeCloseTo(1 - metrics.accuracy!, 9)
        const report = examples.report(id, isBest ? null : step)
        expect(report.confusion!.counts.flat().reduce((a, b) => a + b)).toBe(40)
        const f1 = report.classes.map((one) => one.f1)
        expect((f1[0]! + f1[1]!) / 2).toBeCloseTo(metrics.f1!, 9)
        // The loss of a row is its own: what training smooths is not in it.
        for (const { loss, prediction } of page.examples) {
          const scores = 'label' in prediction ? prediction.scores : {}
          expect(Math.exp(-loss!)).toBeCloseTo(scores[prediction.reference as string]!, 5)
        }
      }
      const [away, atHome] = examples.slices(id, null, { column: 'place' })
      expect([away!.value, away!.rows, atHome!.value, atHome!.rows]).toEqual(['away', 26, 'home', 14])
      expect(examples.page(id, null, { ...ALL, ...away!.filter })).toMatchObject({
        rows: 26,
        wrong: away!.wrong,
        meanLoss: away!.meanLoss,
      })
      const lengths = examples.slices(id, null, 'length')
      expect(lengths.reduce((sum, { rows }) => sum + rows, 0)).toBe(40)

      const folder = folderOf({ runs, examples, history, ...services }, id)
      const bytes = kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
      const frees = await history.frees([id])
      expect(frees).toBeGreaterThan(bytes)
      expect(await runs.delete(id)).toEqual({ freedBytes: frees })
      expect(existsSync(folder)).toBe(false)
    })
  })

  it('keeps each evaluation once when it was stopped and resumed, with the answers of one never stopped', async () => {
    const home = temporaryFolder()
    const config = settings(home)
    await withServices(home, async (services) => {
      const { runs, examples } = services
      const whole = await runs.start({ ...config, run_name: 'whole' })
      await runs.ended(whole)
      const stopped = await runs.start({ ...config, run_name: 'stopped' })
      runs.follow(stopped, (events) => {
        if (events.some((event) => event.event === 'evaluate' && event.step === 16)) runs.cancel(stopped)
      })
      expect(await runs.ended(stopped)).toBe('cancelled')
      const cut = examples.kept(stopped)
      expect(cut.length).toBeGreaterThan(0)
      // As a killed process leaves it: a draft, and an evaluation of a step that will come again.
      const folder = folderOf(services, stopped)
      writeFileSync(join(folder, 'step-20.sqlite.1234.draft'), 'half')
      runs.resume(stopped)
      expect(await runs.ended(stopped)).toBe('completed')
      const kept = examples.kept(stopped)
      expect(kept.map(({ step, isBest, isLast }) => [step, isBest, isLast])).toEqual(
        examples.kept(whole).map(({ step, isBest, isLast }) => [step, isBest, isLast]),
      )
      expect(readdirSync(folder).sort()).toEqual(kept.map(({ step }) => `step-${step}.sqlite`).sort())
      for (const { step } of kept)
        expect(examples.page(stopped, step, ALL)).toEqual(examples.page(whole, step, ALL))
    })
  })

  it('is compared with another row by row, also over versions of the data', async () => {
    const home = temporaryFolder()
    const call = async (...argv: string[]) => {
      const called = await tunesmith(argv, { home, spawnWorker: nodeHost() })
      expect([called.code, called.stderr]).toEqual([0, expect.any(String)])
      return called
    }
    const train = async (more: Record<string, unknown>) => {
      const config = join(home, 'run.json')
      writeFileSync(config, JSON.stringify({ ...settings(home), ...more }))
      await call('train', '--config', config, '--json')
    }
    await train({ learning_rate: 1e-5, num_train_epochs: 1 })
    // Other training rows make another version; its validation rows are the same but one.
    const again = { train: join(home, 'more.csv'), validation: join(home, 'fewer.csv') }
    writeFileSync(again.train, csv(140, 3))
    writeFileSync(again.validation, csv(40, 40).split('\n').slice(0, -2).join('\n'))
    await train({ dataset: again })

    const [told] = (await call('runs', 'compare', '1', '2', '--json')).lines
    const [{ verdicts }] = told!.judgements as [{ verdicts: Verdict[] }]
    expect(verdicts.map(({ metric, test }) => [metric, test])).toEqual([
      ['accuracy', 'mcnemar'],
      ['f1', 'randomisation'],
      ['loss', 'randomisation'],
    ])
    const [accuracy] = verdicts as [Verdict]
    expect(accuracy.n).toEqual({ rows: 39 })
    expect(accuracy.warnings.join(' ')).toContain('Only the 39 rows that both were asked')
    expect(accuracy.sentence).toContain('McNemar')

    const rows = async (...argv: string[]) => (await call('runs', 'examples', ...argv, '--json')).lines
    const gained = await rows('2', '--right', '--wrong-in', '1')
    const lost = await rows('2', '--wrong', '--right-in', '1')
    expect(accuracy.detail).toBe(
      `only the first is right on ${lost.length}, only the second on ${gained.length}`,
    )
    expect(gained.length).toBeGreaterThan(0)
    for (const { reference, label, other } of gained) {
      expect(label).toBe(reference)
      expect((other as { label: string }).label).not.toBe(reference)
    }
    const text = (await call('runs', 'examples', '2', '--right', '--wrong-in', '1')).stdout
    expect(text).toMatch(/row +loss +sure +true +answer +other answer +text/)
  })

  it('goes on where its answers cannot be kept, and says so', async () => {
    const home = temporaryFolder()
    await withServices(home, async ({ runs, examples }) => {
      const output = join(home, 'mine')
      const id = await runs.start({ ...settings(home), num_train_epochs: 1, output_dir: output })
      writeFileSync(join(output, 'examples'), 'a file where the folder should be')
      expect(await runs.ended(id)).toBe('completed')
      const notes = runs.show(id).events.filter(({ kind }) => kind === 'note')
      expect(notes.map(({ text }) => text).join(' ')).toMatch(
        /answers of step 4 were not kept\. This is a file/,
      )
      expect(examples.kept(id)).toEqual([])
      expect(() => examples.page(id, null, ALL)).toThrow(/answers of .* are not there/)
    })
  })
})
