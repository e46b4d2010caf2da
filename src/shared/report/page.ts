/** Runs as one page: facts, figures, settings, curves, findings, verdicts. No script, nothing fetched, prints well. */
import {
  comparedFigures,
  differingSettings,
  letter,
  sharedProblem,
  type Judgement,
} from '../domain/comparison'
import { metricLabel } from '../domain/metricNames'
import type { RunDetail, Series } from '../domain/run'
import { DEFAULT_ARGUMENTS } from '../domain/runConfig'
import { chartSvg, escaped, type ChartLine, type ChartLook } from './chart'

export interface ReportedRun {
  detail: RunDetail
  /** Logged curves, thinned. */
  series: readonly Series[]
  tags: readonly string[]
  note: string
}

const LOOK: ChartLook = { ink: '#1a1d21', quiet: '#616870', grid: '#e6e8ea', paper: '#ffffff' }
const COLORS = ['#3a64d3', '#bf7a22', '#2b6a5b', '#7a1f73', '#3f93b3', '#8f2f10', '#7a6c1e', '#93807a']

const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; color: #1a1d21; max-width: 960px; margin: 32px auto; padding: 0 16px; }
h1 { font-size: 20px; } h2 { font-size: 15px; margin: 28px 0 8px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { text-align: left; padding: 3px 14px 3px 0; border-bottom: 1px solid #e6e8ea; vertical-align: top; overflow-wrap: anywhere; }
th { color: #616870; font-weight: 400; } td.num, th.num { text-align: right; } td.best { font-weight: 600; }
.wide { overflow-x: auto; } .quiet { color: #616870; } pre { white-space: pre-wrap; } svg { max-width: 100%; height: auto; }
`

/** One run, or several side by side. */
export function runReport(
  runs: readonly ReportedRun[],
  judgements: readonly Judgement[],
  madeAtMs: number,
): string {
  const names = runs.map((run, i) =>
    runs.length === 1 ? run.detail.name : `${letter(i)} ${run.detail.name}`,
  )
  const title = runs.length === 1 ? names[0]! : `${runs.length} runs compared`
  const sections = [
    facts(runs, names),
    figures(runs, names),
    verdicts(judgements),
    ...charts(runs),
    settings(runs),
    ...runs.flatMap((run, i) => [findings(run, names[i]!), notes(run, names[i]!)]),
  ]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
<p class="quiet">Tunesmith, ${new Date(madeAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC</p>
${sections.filter(Boolean).join('\n')}
</html>
`
}

function facts(runs: readonly ReportedRun[], names: readonly string[]): string {
  const rows = runs.map(({ detail, tags }, i) => [
    names[i]!,
    String(detail.number),
    detail.reason === null ? detail.state : `${detail.state}: ${detail.reason}`,
    detail.datasetName,
    detail.modelName,
    detail.totalParameters === null ? '' : detail.totalParameters.toLocaleString('en-US'),
    `${detail.step} of ${detail.totalSteps ?? '?'}`,
    String(detail.seed),
    detail.facts?.data_sha256.slice(0, 16) ?? '',
    tags.join(', '),
  ])
  const head = ['Run', 'No.', 'State', 'Data', 'Model', 'Parameters', 'Steps', 'Seed', 'Data sha256', 'Tags']
  return section('Runs', table(head, rows))
}

function figures(runs: readonly ReportedRun[], names: readonly string[]): string {
  const details = runs.map(({ detail }) => detail)
  const problem = sharedProblem(details)
  const compared = comparedFigures(details)
  if (compared.length === 0) return ''
  const rows = compared.map(({ metric, values, best }) => {
    const label = metric === 'loss' ? 'eval_loss' : metricLabel(metric, problem)
    const cells = values.map(
      (value, i) =>
        `<td class="num${best.includes(i) ? ' best' : ''}">${value === null ? '–' : short(value)}</td>`,
    )
    return `<tr><td>${escaped(label)}</td>${cells.join('')}</tr>`
  })
  const head = names.map((name) => `<th class="num">${escaped(name)}</th>`).join('')
  return section(
    'Figures at the best evaluation',
    `<div class="wide"><table><tr><th></th>${head}</tr>${rows.join('')}</table></div>`,
  )
}

function verdicts(judgements: readonly Judgement[]): string {
  const lines = judgements.flatMap(({ verdicts: found, note }) => [
    ...(note === null ? [] : [note]),
    ...found.map(({ sentence, warnings }) => [sentence, ...warnings].join(' ')),
  ])
  return lines.length === 0
    ? ''
    : section('Is it better?', lines.map((line) => `<p>${escaped(line)}</p>`).join(''))
}

function charts(runs: readonly ReportedRun[]): string[] {
  const logged = ['loss', 'grad_norm', 'learning_rate'].map((name) =>
    chart(
      name,
      runs.map(({ series }) => series.find((one) => one.name === name) ?? { steps: [], values: [] }),
    ),
  )
  const evaluated = comparedFigures(runs.map(({ detail }) => detail)).map(({ metric }) =>
    chart(
      `eval_${metric}`,
      runs.map(({ detail }) => {
        const measured = detail.evaluations.filter(({ metrics }) => metrics[metric] !== undefined)
        return {
          steps: measured.map(({ step }) => step),
          values: measured.map(({ metrics }) => metrics[metric]!),
        }
      }),
    ),
  )
  const drawn = [...logged, ...evaluated].filter(Boolean)
  return drawn.length === 0 ? [] : [section('Curves', drawn.join('\n'))]
}

function chart(title: string, curves: readonly Pick<Series, 'steps' | 'values'>[]): string {
  if (curves.every(({ steps }) => steps.length < 2)) return ''
  const lines = curves.map(({ steps, values }, i): ChartLine => ({
    label: curves.length === 1 ? title : letter(i),
    x: steps,
    y: values,
    color: COLORS[i % COLORS.length]!,
    isDashed: i >= COLORS.length / 2,
  }))
  return chartSvg({ title, xLabel: 'step', lines, formatX: short, formatY: short }, LOOK)
}

/** Of one run what differs from the defaults; of several what differs between them. */
function settings(runs: readonly ReportedRun[]): string {
  const [only] = runs
  if (runs.length === 1 && only) {
    const defaults = DEFAULT_ARGUMENTS as unknown as Record<string, unknown>
    const rows = Object.entries(only.detail.config)
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name]))
      .map(([name, value]) => [name, written(value)])
    return section('Settings that differ from the defaults', table(['Setting', 'Value'], rows))
  }
  const differing = differingSettings(runs.map(({ detail }) => detail))
  const head = ['Setting', ...runs.map((_, i) => letter(i))]
  const rows = differing.rows.map(({ name, values }) => [name, ...values.map(written)])
  return section(
    'Settings that differ',
    `${table(head, rows)}<p class="quiet">${differing.equal} others are equal.</p>`,
  )
}

function findings({ detail }: ReportedRun, name: string): string {
  if (detail.findings.length === 0) return ''
  return section(
    `What ${name} says`,
    detail.findings.map(({ sentence }) => `<p>${escaped(sentence)}</p>`).join(''),
  )
}

function notes({ note }: ReportedRun, name: string): string {
  return note === '' ? '' : section(`Note on ${name}`, `<pre>${escaped(note)}</pre>`)
}

function section(title: string, content: string): string {
  return `<section><h2>${escaped(title)}</h2>${content}</section>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  return `<div class="wide"><table>${line(head, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table></div>`
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)))
}
