/** `npm run bench`: one child process a case, one table at the end. */
import { appendFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measureAugmenters, type AugmenterRate } from './augmenters'
import { benchHistory } from './history/main'
import { allCases, type Case, workloadNamed } from './cases'
import { measureCase, measureMatMulRate, type MatMulRate } from './measure'
import { measureMetrics } from './metrics'
import { formatTable, type Result } from './result'
import { writeSampleRows } from './rows'
import { recordTrainings } from './recordTrainings'
import { lastLine, measureTorch } from './torch'

const self = fileURLToPath(import.meta.url)
const scripts = join(process.cwd(), 'bench', 'against')

const { values: options } = parseArgs({
  options: {
    against: { type: 'string' },
    python: { type: 'string', default: process.env['TUNESMITH_TORCH_PYTHON'] ?? 'python3' },
    only: { type: 'string', multiple: true, default: [] },
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '5' },
    json: { type: 'string' },
    case: { type: 'string' },
    'record-trainings': { type: 'string' },
  },
})

if (options.case !== undefined) {
  const job = JSON.parse(options.case) as Case | { matmul: number }
  const measured = 'matmul' in job ? await measureMatMulRate(job.matmul) : await measureCase(job)
  process.stdout.write(`${JSON.stringify(measured)}\n`)
} else if (options['record-trainings'] !== undefined) await recordTrainings(options['record-trainings'])
else if (options.only.includes('history')) await benchHistory(say)
else {
  const { only } = options
  if (only.some((name) => name !== 'metrics') || only.length === 0) await bench()
  if (only.includes('metrics') || only.length === 0) benchMetrics()
}

function benchMetrics(): void {
  const result = measureMetrics(Number(options.rounds))
  const [bleu, rouge, total] = [result.bleuMs, result.rougeMs, result.totalMs].map((ms) => ms.toFixed(0))
  say(
    `${result.pairs} pairs: BLEU ${bleu!} ms, ROUGE-1/2/L/Lsum with stems ${rouge!} ms, both ${total!} ms (fastest of ${result.rounds} rounds)`,
  )
  if (options.json !== undefined) appendFileSync(options.json, `${JSON.stringify({ metrics: result })}\n`)
}

async function bench(): Promise<void> {
  const numThreads = Number(options.threads)
  const load = loadavg()[0]!
  const rate = await inChild<MatMulRate>({ matmul: numThreads })
  say(`${cpus()[0]?.model ?? 'unknown processor'}, ${numThreads} threads, Node ${process.version}`)
  if (load > availableParallelism() / 2)
    say(`The machine is busy (load ${load.toFixed(1)}): these figures mean little.`)
  for (const [shape, gflops] of Object.entries(rate.byShape))
    say(`bare MatMul ${shape}: ${gflops.toFixed(1)} GFLOP/s`)
  say(`bare MatMul, those shapes together: ${rate.gflops.toFixed(1)} GFLOP/s`)

  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    const pairs: [Result, Result | null][] = []
    const rowsFile = join(folder, 'rows.jsonl')
    const cases = allCases(numThreads, Number(options.rounds), options.only, rowsFile)
    if (cases.some((oneCase) => oneCase.rowsFile !== null)) await writeSampleRows(rowsFile)
    for (const oneCase of cases) {
      const ours = await inChild<Result>(oneCase)
      const isCompared = options.against === 'torch' && oneCase.trains === 'all'
      pairs.push([ours, isCompared ? await measureTorch(options.python, scripts, oneCase) : null])
      say(describe(ours))
    }
    if (pairs.length > 0) process.stdout.write(`\n${report(pairs)}\n`)
    const isWanted = options.only.length === 0 || options.only.includes('augment')
    const rates = isWanted ? await measureAugmenters(numThreads) : []
    if (rates.length > 0) process.stdout.write(`\n${augmenterReport(rates)}\n`)
    if (options.json !== undefined) {
      const lines = [{ matmul: rate }, ...pairs.flat().filter((result) => result !== null), ...rates]
      writeFileSync(options.json, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function inChild<T>(job: Case | { matmul: number }): Promise<T> {
  return JSON.parse(await lastLine(process.execPath, [self, '--case', JSON.stringify(job)], '')) as T
}

function report(pairs: readonly [Result, Result | null][]): string {
  const hasOther = pairs.some(([, other]) => other !== null)
  const head = ['', 'samples/s', 'step ms', 'median', 'GFLOP/s', '% of MatMul', 'peak MB', '× whole']
  if (hasOther) head.push('torch samples/s', '×', 'torch peak MB', '×')
  const rows = pairs.map(([ours, other]) => {
    const rate = rateOf(ours)
    const cells = [
      nameOf(ours),
      ours.samplesPerSecond.toFixed(1),
      ours.stepMsMin.toFixed(1),
      ours.stepMsMedian.toFixed(1),
      rate === null ? '' : rate.toFixed(1),
      shareOfMatMul(ours),
      megabytes(ours.peakRssBytes),
      saving(
        ours,
        pairs.map(([result]) => result),
      ),
    ]
    if (hasOther && !other) cells.push('', '', '', '')
    if (other)
      cells.push(
        other.samplesPerSecond.toFixed(1),
        (ours.samplesPerSecond / other.samplesPerSecond).toFixed(2),
        megabytes(other.peakRssBytes),
        (ours.peakRssBytes / other.peakRssBytes).toFixed(2),
      )
    return cells
  })
  return formatTable([head, ...rows])
}

function augmenterReport(rates: readonly AugmenterRate[]): string {
  const rows = rates.map(({ augmenter, copiesPerSecond }) => [augmenter, copiesPerSecond.toFixed(0)])
  return formatTable([['augmenter', `copies/s, ${rates[0]!.threads} threads`], ...rows])
}

function nameOf({ workload, mode, dropout, trains }: Result): string {
  return `${workload} ${mode} dropout ${dropout}${trains === 'all' ? '' : `, ${trains}`}`
}

/** How much faster than the same step of the whole model. */
function saving(result: Result, all: readonly Result[]): string {
  const whole = all.find(
    ({ workload, mode, dropout, trains }) =>
      trains === 'all' && workload === result.workload && mode === result.mode && dropout === result.dropout,
  )
  return result.trains === 'all' || !whole
    ? ''
    : (result.samplesPerSecond / whole.samplesPerSecond).toFixed(2)
}

function describe(result: Result): string {
  const { title } = workloadNamed(result.workload)
  const part = result.trains === 'all' ? '' : `, training ${result.trains}`
  return `${title}, ${result.mode}, dropout ${result.dropout}${part}: ${result.samplesPerSecond.toFixed(1)} samples/s, ${shareOfMatMul(result)} % of the MatMul rate`
}

/** GFLOP/s of the fastest step. */
function rateOf({ flopsPerStep, stepMsMin }: Result): number | null {
  return flopsPerStep === null ? null : flopsPerStep / stepMsMin / 1e6
}

function shareOfMatMul({ matMulShare }: Result): string {
  return matMulShare === null ? '' : (100 * matMulShare).toFixed(0)
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
