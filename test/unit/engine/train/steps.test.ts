import { describe, expect, it } from 'vitest'
import { placeOfStep, planSteps, type StepSettings } from '../../../../src/main/engine/train/steps'
import { checkRows, epochOrder } from '../../../../src/main/engine/train/rows'
import { classWeights } from '../../../../src/main/engine/train/classWeights'
import { OBJECTIVES } from '../../../../src/main/engine/objectives/registry'
import { EvaluationLoss, type EvaluationLossSettings } from '../../../../src/main/engine/train/evaluate'

const base: StepSettings = {
  per_device_train_batch_size: 4,
  gradient_accumulation_steps: 1,
  dataloader_drop_last: false,
  num_train_epochs: 2,
  max_steps: -1,
}

describe('steps of a run', () => {
  it('round as the Trainer does', () => {
    expect(planSteps(10, base)).toEqual({ batchesPerEpoch: 3, stepsPerEpoch: 3, totalSteps: 6, epochs: 2 })
    expect(planSteps(10, { ...base, dataloader_drop_last: true }).totalSteps).toBe(4)
    expect(planSteps(10, { ...base, gradient_accumulation_steps: 2 })).toMatchObject({
      stepsPerEpoch: 2,
      totalSteps: 4,
    })
    expect(planSteps(10, { ...base, num_train_epochs: 1.5 })).toMatchObject({ totalSteps: 5, epochs: 2 })
    expect(planSteps(10, { ...base, max_steps: 7 })).toMatchObject({ totalSteps: 7, epochs: 3 })
    expect(planSteps(3, { ...base, dataloader_drop_last: true }).batchesPerEpoch).toBe(0)
  })

  it('cover each row of an epoch once', () => {
    for (const settings of [
      base,
      { ...base, gradient_accumulation_steps: 2 },
      { ...base, gradient_accumulation_steps: 5 },
    ]) {
      const plan = planSteps(10, settings)
      const places = Array.from({ length: plan.totalSteps }, (_, i) => placeOfStep(i, 10, plan, settings))
      for (const epoch of [0, 1]) {
        const steps = places.filter((place) => place.epoch === epoch)
        expect(steps[0]!.from).toBe(0)
        steps.slice(1).forEach((step, i) => expect(step.from).toBe(steps[i]!.to))
        expect(steps.at(-1)).toMatchObject({ to: 10, endsEpoch: true, epochAfter: epoch + 1 })
        expect(steps.filter((step) => step.endsEpoch)).toHaveLength(1)
      }
    }
  })

  it('leave the last rows out where only full batches count', () => {
    const settings = { ...base, dataloader_drop_last: true }
    const plan = planSteps(10, settings)
    expect(placeOfStep(1, 10, plan, settings)).toMatchObject({
      from: 4,
      to: 8,
      endsEpoch: true,
      epochAfter: 1,
    })
  })
})

describe('the order of rows', () => {
  const settings = { seed: 42, data_seed: null, train_sampling_strategy: 'random' as const }

  it('is a function of seed and epoch alone', () => {
    expect(epochOrder(50, 3, settings)).toEqual(epochOrder(50, 3, settings))
    expect(epochOrder(50, 3, settings)).not.toEqual(epochOrder(50, 4, settings))
    expect(epochOrder(50, 3, settings)).not.toEqual(epochOrder(50, 3, { ...settings, seed: 43 }))
    expect(epochOrder(50, 3, { ...settings, data_seed: 42, seed: 1 })).toEqual(epochOrder(50, 3, settings))
    expect([...epochOrder(4, 1, { ...settings, train_sampling_strategy: 'sequential' })]).toEqual([
      0, 1, 2, 3,
    ])
  })
})

describe('rows that do not fit the model are refused', () => {
  const model = { vocabSize: 10, maxPositions: 3, typeVocabSize: 2 }
  const rows = (ids: number[][], types: number[] | null = null) => ({
    ids: Int32Array.from(ids.flat()),
    offsets: Int32Array.from([0, ...ids.map((_, i) => ids.slice(0, i + 1).flat().length)]),
    typeIds: types && Int32Array.from(types),
  })
  it.each([
    ['too long', rows([[1], [1, 2, 3, 4]]), 'bad-config', /4 tokens/],
    ['empty', rows([[1], []]), 'bad-input', /no token/],
    ['unknown id', rows([[1, 10]]), 'bad-input', /id 10/],
    ['unknown type', rows([[1, 2]], [0, 2]), 'bad-input', /token type/],
  ] as const)('%s', (_, given, code, message) => {
    expect(() => checkRows(given, model, 'training')).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    )
    expect(() => checkRows(rows([[1, 9, 3]], [0, 1, 0]), model, 'training')).not.toThrow()
  })
})

describe('class weights', () => {
  const labels = ['a', 'b', 'c']
  const counts = Int32Array.of(0, 0, 0, 1)

  it('are balanced as scikit-learn does', () => {
    expect(classWeights(null, labels, counts)).toBeUndefined()
    expect(classWeights('balanced', labels, counts)).toEqual([4 / 9, 4 / 3, 1])
    expect(classWeights({ b: 2 }, labels, counts)).toEqual([1, 2, 1])
    expect(() => classWeights({ d: 2 }, labels, counts)).toThrow('no class d')
  })

  it('weigh the evaluation loss batch by batch', () => {
    const logits = Float32Array.of(0, 0, 2, 0, 0, 2)
    const rows = Int32Array.of(0, 0, 0)
    const [even, right, wrong] = [Math.log(2), Math.log(1 + Math.exp(-2)), Math.log(1 + Math.exp(2))]
    const evaluationLoss = (_: Float32Array, labels: Int32Array, settings: EvaluationLossSettings) => {
      const rows = { ids: labels, offsets: Int32Array.of(0, 1, 2, 3), typeIds: null, labels }
      const loss = new EvaluationLoss(OBJECTIVES['single-label'], rows, settings)
      for (let i = 0; i < 3; i++) loss.add(i, logits.subarray(2 * i, 2 * i + 2))
      return loss.value()
    }
    const plain = { batchSize: 2, labelSmoothing: 0 }
    expect(evaluationLoss(logits, rows, plain)).toBeCloseTo((even + right + wrong) / 3, 6)
    const mixed = evaluationLoss(logits, Int32Array.of(0, 1, 0), { ...plain, classWeights: [1, 3] })
    expect(mixed).toBeCloseTo((((even + 3 * wrong) / 4) * 2 + wrong) / 3, 6)
    const smoothed = evaluationLoss(logits, rows, { ...plain, labelSmoothing: 0.2 })
    expect(smoothed).toBeCloseTo((even + 0.9 * right + 0.1 * wrong + 0.9 * wrong + 0.1 * right) / 3, 6)
  })
})
