/** Files that leave the studio: the table of runs, a chart as SVG, runs as a page. */
import { describe, expect, it } from 'vitest'
import type { RunDetail } from '../../../src/shared/domain/run'
import type { RunTable } from '../../../src/shared/domain/runTable'
import type { RunId } from '../../../src/shared/ids'
import { chartSvg, ticks } from '../../../src/shared/report/chart'
import { runReport, type ReportedRun } from '../../../src/shared/report/page'
import { tableFile } from '../../../src/shared/report/tableFile'

const table: RunTable = {
  runs: ['a', 'b'] as RunId[],
  total: 2,
  columns: {
    name: ['plain', 'with "quotes", and a comma'],
    tags: [null, ['x', 'y']],
    created: [Date.UTC(2026, 10, 25), null],
    'params.learning_rate': [1e-5, 0.1 + 0.2],
  },
}
const columns = ['name', 'tags', 'created', 'params.learning_rate']

describe('the table as a file', () => {
  it('is CSV of RFC 4180 in the order asked for, numbers exact, dates ISO', () => {
    expect(tableFile(table, [1, 0], columns, 'csv')).toBe(
      'id,name,tags,created,params.learning_rate\r\n' +
        'b,"with ""quotes"", and a comma","x, y",,0.30000000000000004\r\n' +
        'a,plain,,2026-11-25T00:00:00.000Z,0.00001\r\n',
    )
  })

  it('is JSON that reads back as the values', () => {
    expect(JSON.parse(tableFile(table, [1], columns, 'json'))).toEqual([
      {
        id: 'b',
        name: 'with "quotes", and a comma',
        tags: ['x', 'y'],
        created: null,
        'params.learning_rate': 0.1 + 0.2,
      },
    ])
  })
})

describe('a chart as SVG', () => {
  const look = { ink: 'black', quiet: 'grey', grid: 'silver', paper: 'white' }
  const spec = { title: 'a < b', xLabel: 'step', formatX: String, formatY: String }

  it('breaks a line where a value is not finite, and escapes its texts', () => {
    const svg = chartSvg(
      { ...spec, lines: [{ label: '"A" & B', x: [0, 1, 2, 3], y: [0, 1, NaN, 2], color: 'red' }] },
      look,
    )
    const [drawn] = svg.match(/d="(M[^"]+)" fill="none" stroke="red"/)!.slice(1)
    expect(drawn!.match(/M/g)).toHaveLength(2)
    expect(svg).toContain('&quot;A&quot; &amp; B')
    expect(svg).toContain('a &lt; b')
  })

  it('has round ticks inside its ends', () => {
    expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(ticks(0.13, 0.41)).toEqual([0.2, 0.3, 0.4])
    expect(ticks(1900, 11_900)).toEqual([2000, 4000, 6000, 8000, 10_000])
  })
})

describe('runs as a page', () => {
  const reported = (number: number, name: string, accuracy: number): ReportedRun => ({
    detail: {
      id: `r${number}`,
      number,
      name,
      state: 'completed',
      reason: null,
      problem: 'single-label',
      datasetName: 'fields',
      modelName: 'bert',
      totalParameters: 1_530_000,
      step: 20,
      totalSteps: 20,
      seed: 40 + number,
      facts: null,
      bestEval: { accuracy, loss: 1 - accuracy },
      lastEval: null,
      evaluations: [10, 20].map((step) => ({
        step,
        epoch: step / 10,
        metrics: { accuracy: accuracy - 1 / step },
      })),
      config: { seed: 40 + number, learning_rate: 1e-3 },
      findings: [{ sentence: `It reached ${accuracy}.` }],
    } as unknown as RunDetail,
    series: [{ name: 'loss', steps: [1, 10, 20], values: [3, 2, 1] }],
    tags: ['keep'],
    note: '<script>alert(1)</script>',
  })

  it('needs nothing from outside, runs nothing, and shows notes as text', () => {
    const page = runReport([reported(1, 'first & only', 0.8)], [], 0)
    expect(page).not.toMatch(/<script|<link|<img|src=|href=|url\((?!#)/)
    expect(page).toContain('&lt;script&gt;alert(1)')
    expect(page).toContain('<title>first &amp; only</title>')
    expect(page).toContain('learning_rate</td><td>0.001')
    expect(page.match(/<svg /g)).toHaveLength(2)
  })

  it('of several marks the best, shows what differs and says the verdicts', () => {
    const judged = {
      run: 'r2' as RunId,
      reference: 'r1' as RunId,
      verdicts: [],
      note: 'Both kept no answers.',
    }
    const page = runReport([reported(1, 'one', 0.8), reported(2, 'two', 0.9)], [judged], 0)
    expect(page).toContain('<td class="num">0.8</td><td class="num best">0.9</td>')
    expect(page).toContain('<td>seed</td><td>41</td><td>42</td>')
    expect(page).toContain('1 others are equal')
    expect(page).toContain('Both kept no answers.')
  })
})
