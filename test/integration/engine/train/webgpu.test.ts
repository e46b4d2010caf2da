// A whole run on the webgpu provider, on the software adapter.
import { describe, expect, it } from 'vitest'
import '../../../helpers/closeness'
import { runWithAdapter, softwareAdapter } from '../../../helpers/softwareAdapter'

interface Steps {
  steps: { loss: number; grad_norm: number }[]
  evaluationLoss: number
  weights: number[]
}

const adapter = softwareAdapter()

describe('a run on webgpu', () => {
  if ('missing' in adapter) {
    it(`has no software adapter here: ${adapter.missing}`, () => {
      process.stderr.write(`a run on webgpu is not tested: ${adapter.missing}\n`)
      expect(adapter.missing).not.toBe('')
    })
    return
  }
  it('takes the same three steps as the cpu, dropout included', { timeout: 300_000 }, () => {
    const { cpu, webgpu } = runWithAdapter('test/integration/engine/train/webgpuRun.ts', adapter.env) as {
      cpu: Steps
      webgpu: Steps
    }
    const column = (run: Steps, key: 'loss' | 'grad_norm') => run.steps.map((step) => step[key])
    expect(webgpu.steps).toHaveLength(3)
    expect(column(webgpu, 'loss')).toBeAllclose(column(cpu, 'loss'), { rtol: 1e-4 })
    expect(column(webgpu, 'grad_norm')).toBeAllclose(column(cpu, 'grad_norm'), { rtol: 1e-3 })
    expect([webgpu.evaluationLoss]).toBeAllclose([cpu.evaluationLoss], { rtol: 1e-3 })
    // Adam moves each weight by about the rate, whatever the gradient's size: rounding shows where it is tiny.
    const off = webgpu.weights.filter((weight, i) => Math.abs(weight - cpu.weights[i]!) > 1e-4).length
    expect(off / cpu.weights.length).toBeLessThan(0.02)
  })
})
