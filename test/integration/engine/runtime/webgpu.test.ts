// The webgpu provider on the software adapter, with no operator allowed to fall back to the cpu.
import { describe, expect, it } from 'vitest'
import '../../../helpers/closeness'
import { runWithAdapter, softwareAdapter } from '../../../helpers/softwareAdapter'

interface Steps {
  losses: number[]
  gradient: number[]
}

const adapter = softwareAdapter()

describe('webgpu', () => {
  if ('missing' in adapter) {
    it(`has no software adapter here: ${adapter.missing}`, () => {
      process.stderr.write(`webgpu is not tested: ${adapter.missing}\n`)
      expect(adapter.missing).not.toBe('')
    })
    return
  }
  it('takes the same three training steps as the cpu', { timeout: 300_000 }, () => {
    const { cpu, webgpu } = runWithAdapter('test/integration/engine/runtime/webgpuSteps.ts', adapter.env) as {
      cpu: Steps
      webgpu: Steps
    }
    expect(webgpu.losses).toBeAllclose(cpu.losses, { rtol: 1e-4 })
    expect(webgpu.gradient).toBeAllclose(cpu.gradient, { rtol: 1e-3, atol: 1e-5 })
    expect(cpu.losses[2]).toBeLessThan(cpu.losses[0]!)
  })
})
