/** `doctor`: what this machine can do, measured. */
import type { ProviderStatus } from '../../shared/domain/machine'
import { EXIT, type Command } from '../command'
import { bytes } from '../format'

export const doctor: Command = {
  path: ['doctor'],
  positionals: [],
  summary: 'Say what this machine can do: runtime, providers and their self-check, rate, disk.',
  options: [{ name: 'quick', help: 'Leave out what takes seconds: self-checks and the rate.' }],
  async run({ args, out, services }) {
    const { machine } = services()
    if (!args.has('quick')) {
      const offered = machine.report().providers.filter((provider) => !/Not part of/.test(provider.reason))
      for (const [i, { name }] of offered.entries()) {
        out.progress(i / (offered.length + 1), `checking ${name}`)
        await machine.checkProvider(name)
      }
      out.progress(offered.length / (offered.length + 1), 'measuring')
      await machine.measureMatmul()
    }
    const report = machine.report()
    const { versions } = report
    const lines = [
      `Tunesmith ${versions.app} on ${report.platform}, Node ${versions.node}`,
      `onnxruntime ${versions.onnxruntime}, SQLite ${versions.sqlite}`,
      `${report.cores} cores, ${bytes(report.memoryBytes)} memory (${bytes(report.freeMemoryBytes)} free)`,
      `data in ${report.home}, ${bytes(report.freeDiskBytes)} free`,
      ...report.providers.map(providerLine),
      ...(report.matmulGflops === null
        ? []
        : [`MatMul ${report.matmulGflops.toFixed(0)} GFLOP/s on the cpu provider`]),
    ]
    out.result(report, lines.join('\n'))
    return EXIT.done
  },
}

function providerLine({ name, available, checked, reason }: ProviderStatus): string {
  const state = !available ? 'no' : checked === true ? 'checked' : 'yes'
  return `  ${name.padEnd(7)} ${state.padEnd(8)} ${reason}`
}
