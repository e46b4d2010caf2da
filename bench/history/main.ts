/** `npm run bench -- --only history`: the table of runs over a long history, in main and in the window. */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServices, type Services } from '../../src/main/services/create'
import { formatTable } from '../result'
import { generateHistory } from './generate'
import { measureWindow } from './window'

const RUNS = 10_000
const METRIC_ROWS = 10_000_000
const TIMES = 20
const COLUMNS = [
  'status',
  'name',
  'tags',
  'metrics.eval_accuracy.best',
  'metrics.eval_f1.best',
  'metrics.eval_loss.best',
  'metrics.loss.last',
  'params.learning_rate',
  'params.weight_decay',
  'params.seed',
  'dataset',
  'model',
  'step',
  'duration',
  'created',
]
const QUERIES: Readonly<Record<string, string>> = {
  'all runs': '',
  'accuracy > 0.9 and tags = baseline': 'accuracy > 0.9 and tags = baseline',
  'params.learning_rate in (1e-3, 1e-4) and not has(note)':
    'params.learning_rate in (1e-3, 1e-4) and not has(note)',
  'full text: wide': 'wide',
}

export async function benchHistory(say: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-history-'))
  try {
    const startMs = performance.now()
    generateHistory(folder, { runs: RUNS, metricRows: METRIC_ROWS }, (done) => {
      if (done % 2000 === 0) say(`${done} of ${RUNS} runs generated`)
    })
    const { size } = await stat(join(folder, 'tunesmith.db'))
    say(
      `${RUNS} runs, ${METRIC_ROWS} metric rows, ${(size / 1e6).toFixed(0)} MB, in ${((performance.now() - startMs) / 1000).toFixed(0)} s`,
    )
    const rows = [['', 'first ms', 'median ms', 'p95 ms']]
    const services = createServices({
      home: folder,
      owner: 'cli',
      spawnWorker: () => {
        throw new Error('no work here')
      },
      versions: { app: 'bench', electron: null },
    })
    for (const [name, filter] of Object.entries(QUERIES)) rows.push([name, ...timesOf(services, filter)])
    await services.close()
    process.stdout.write(`\nList: ${COLUMNS.length} columns\n${formatTable(rows)}\n`)
    const { firstRowMs, frames } = await measureWindow(folder)
    const script = frames.map(({ scriptMs }) => scriptMs)
    const whole = frames.map(({ scriptMs, layoutMs }) => scriptMs + layoutMs)
    process.stdout.write(
      `\nWindow\n${formatTable([
        ['', 'median ms', 'p95 ms'],
        ['scroll frame, script', quantile(script, 0.5), quantile(script, 0.95)],
        ['scroll frame, script, style and layout', quantile(whole, 0.5), quantile(whole, 0.95)],
      ])}\nPane opened to first row: ${firstRowMs.toFixed(0)} ms, ${frames.length} frames scrolled\n`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function timesOf({ history }: Services, filter: string): string[] {
  const times = Array.from({ length: TIMES }, () => {
    const startMs = performance.now()
    history.table({ filter, columns: COLUMNS })
    return performance.now() - startMs
  })
  return [times[0]!.toFixed(0), quantile(times, 0.5), quantile(times, 0.95)]
}

function quantile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1)
}
