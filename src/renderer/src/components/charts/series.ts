/** What a line chart draws. Colours are token names: only tokens.css names colours. */
export interface LineSeries {
  label: string
  token: `--${string}`
  x: readonly number[]
  y: readonly number[]
  /** raw: faint, behind its smoothed line; dashed: a plan, not a measurement. */
  style?: 'line' | 'raw' | 'dashed'
  hasPoints?: boolean
  /** Drawn at the line's end; text never takes the series' colour. */
  endLabel?: string
}

/** A line across the plot: a limit, the best step, the end of the warm-up. */
export interface Rule {
  axis: 'x' | 'y'
  at: number
  label?: string
  /** Where the label of a vertical rule stands; top where it is not said. */
  labelAt?: 'top' | 'bottom'
  token: `--${string}`
  isDashed?: boolean
}

/** How several charts are looked at together: the part of the axis, its scale, and where the pointer is. */
export interface ChartView {
  xMin?: number | undefined
  xMax?: number | undefined
  yMin?: number | undefined
  yMax?: number | undefined
  isLog?: boolean
  isLogX?: boolean
  hoverX?: number | null
}

interface TableRow {
  x: number
  values: (number | null)[]
}

/** The same figures as rows, thinned evenly to at most `most`. */
export function seriesTable(series: readonly LineSeries[], most = 200): TableRow[] {
  const shown = series.filter((s) => s.style !== 'raw')
  const maps = shown.map((s) => new Map(s.x.map((x, i) => [x, s.y[i]!])))
  const xs = [...new Set(shown.flatMap((s) => [...s.x]))].sort((a, b) => a - b)
  const every = Math.max(1, Math.ceil(xs.length / most))
  return xs
    .filter((_, i) => i % every === 0 || i === xs.length - 1)
    .map((x) => ({ x, values: maps.map((map) => map.get(x) ?? null) }))
}

/** Every point of every line, whole: x, then a column a line. */
export function seriesCsv(series: readonly LineSeries[], xLabel: string): string {
  const shown = series.filter((s) => s.style !== 'raw')
  const rows = seriesTable(series, Infinity).map(({ x, values }) => [
    x,
    ...values.map((value) => value ?? ''),
  ])
  const head = [xLabel, ...shown.map(({ label }) => `"${label.replace(/"/g, '""')}"`)]
  return [head, ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}

/** One sentence a series, for those who do not see the plot. */
export function describeSeries(series: readonly LineSeries[], format: (value: number) => string): string {
  return series
    .filter((s) => s.style !== 'raw' && s.y.length > 0)
    .map((s) => {
      const finite = s.y.filter(Number.isFinite)
      const low = finite.reduce((a, b) => Math.min(a, b), Infinity)
      return `${s.label}: from ${format(s.y[0]!)} to ${format(s.y.at(-1)!)}, lowest ${format(low)}.`
    })
    .join(' ')
}

/** What each line says at a place: its nearest point, if it reaches that far. */
export function valuesAt(series: readonly LineSeries[], x: number): (number | null)[] {
  return series.map((one) => {
    const { x: xs, y } = one
    if (xs.length === 0 || x < xs[0]! || x > xs.at(-1)!) return null
    const at = nearest(xs, x)
    return Number.isFinite(y[at]) ? y[at]! : null
  })
}

/** Index of the value next to `x` in ascending values. */
function nearest(ascending: readonly number[], x: number): number {
  let [low, high] = [0, ascending.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (ascending[middle]! <= x) low = middle
    else high = middle
  }
  return x - ascending[low]! <= ascending[high]! - x ? low : high
}
