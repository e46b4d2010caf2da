// Every operator of the registry, every case, against central differences.
import { describe, expect, it } from 'vitest'
import { registry } from '../../../../src/main/engine/ops'
import '../../../helpers/closeness'
import { compareGradients } from '../../../helpers/gradientCheck'
import { pointwise } from './cases/pointwise'
import { structured } from './cases/structured'

const cases = { ...pointwise, ...structured }

describe.each([...registry().values()].map((op) => [op.name, op] as const))('%s', (name, op) => {
  if (typeof op.grad === 'string') {
    it(`has no gradient, and says so (${op.grad})`, () => {
      expect(cases[name]).toBeUndefined()
    })
    return
  }
  it('has cases', () => {
    expect(Object.keys(cases[name] ?? {}).length, `${name} needs cases in ops/cases`).toBeGreaterThan(0)
  })
  it.each(Object.entries(cases[name] ?? {}))('%s', async (_, build) => {
    const comparisons = await compareGradients(build)
    expect(comparisons.length).toBeGreaterThan(0)
    for (const { param, analytic, numeric } of comparisons) {
      const size = Math.max(...numeric.map(Math.abs))
      expect(analytic, `gradient of ${param}`).toBeAllclose(numeric, {
        rtol: 2e-3,
        atol: 5e-4 * Math.max(1, size),
      })
    }
  })
})

it('has no case for an operator that does not exist', () => {
  expect(Object.keys(cases).filter((name) => !registry().has(name))).toEqual([])
})
