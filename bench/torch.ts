/** The other side: bench/against/*.py on the same rows and settings, one Python process a case. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Case, workloadNamed } from './cases'
import type { Result } from './result'

/** What the scripts print (bench/against/README.md). */
interface TorchLine {
  name: string
  samples_per_second: number
  step_ms_median: number
  step_ms_min: number
  padded_tokens_per_step: number
  peak_rss_bytes: number
}

/** Whole steps are the Transformers Trainer's; forward and backward are a bare PyTorch loop's. */
export async function measureTorch(python: string, scripts: string, oneCase: Case): Promise<Result> {
  const { config, numLabels, batchSize, rows, steps } = workloadNamed(oneCase.workload)
  const labels = Array.from({ length: numLabels }, (_, id) => [String(id), `LABEL_${id}`])
  const job = {
    config: { ...config, id2label: Object.fromEntries(labels) as Record<string, string> },
    ...('length' in rows
      ? { rows: { length: rows.length, count: 4 * batchSize } }
      : { rows_file: oneCase.rowsFile }),
    batch_size: batchSize,
    dropout: oneCase.dropout,
    mode: oneCase.mode,
    steps: steps * oneCase.rounds,
    num_threads: oneCase.numThreads,
  }
  const script = oneCase.mode === 'optimizer_step' ? 'trainer.py' : 'forward_backward.py'
  const line = await lastLine(python, [join(scripts, script), '-'], JSON.stringify(job))
  const measured = JSON.parse(line) as TorchLine
  return {
    by: measured.name,
    workload: oneCase.workload,
    mode: oneCase.mode,
    trains: oneCase.trains,
    dropout: oneCase.dropout,
    samplesPerSecond: measured.samples_per_second,
    stepMsMin: measured.step_ms_min,
    stepMsMedian: measured.step_ms_median,
    tokensPerStep: measured.padded_tokens_per_step,
    flopsPerStep: null,
    peakRssBytes: measured.peak_rss_bytes,
    matMulShare: null,
  }
}

/** Runs a program to its end and gives the last line it printed. */
export function lastLine(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      const line = stdout.trimEnd().split('\n').at(-1)
      if (code === 0 && line) resolve(line)
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stderr.slice(-2000)}`))
    })
    child.stdin.end(input)
  })
}
