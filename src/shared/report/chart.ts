/** Lines over a numeric axis as SVG: for a file of its own, or inside a page. */

export interface ChartLine {
  label: string
  x: readonly number[]
  y: readonly number[]
  color: string
  isDashed?: boolean
  isFaint?: boolean
}

export interface ChartLook {
  ink: string
  quiet: string
  grid: string
  paper: string
}

export interface ChartSpec {
  title: string
  xLabel: string
  lines: readonly ChartLine[]
  formatX: (value: number) => string
  formatY: (value: number) => string
  /** Part of the axis; all of the lines where it is left out. */
  range?: {
    xMin?: number | undefined
    xMax?: number | undefined
    yMin?: number | undefined
    yMax?: number | undefined
  }
}

const WIDTH = 720
const HEIGHT = 320
const EDGE = { left: 56, right: 16, top: 34, bottom: 54 }
const TICKS = 5

/** Values that are not finite break a line. */
export function chartSvg(
  { title, xLabel, lines, formatX, formatY, range = {} }: ChartSpec,
  look: ChartLook,
): string {
  const drawn = lines.filter(({ y }) => y.some(Number.isFinite))
  const [xLow, xHigh] = ends(
    drawn.flatMap(({ x }) => x),
    range.xMin,
    range.xMax,
  )
  const [yLow, yHigh] = ends(
    drawn.flatMap(({ y }) => y),
    range.yMin,
    range.yMax,
  )
  const toX = (x: number): number =>
    EDGE.left + ((x - xLow) / (xHigh - xLow)) * (WIDTH - EDGE.left - EDGE.right)
  const toY = (y: number): number =>
    HEIGHT - EDGE.bottom - ((y - yLow) / (yHigh - yLow)) * (HEIGHT - EDGE.top - EDGE.bottom)
  const text = (x: number, y: number, content: string, anchor: string, color = look.quiet): string =>
    `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${color}">${escaped(content)}</text>`
  const rows = ticks(yLow, yHigh).map(
    (value) =>
      `<path d="M${EDGE.left} ${round(toY(value))}H${WIDTH - EDGE.right}" stroke="${look.grid}"/>` +
      text(EDGE.left - 6, toY(value) + 4, formatY(value), 'end'),
  )
  const columns = ticks(xLow, xHigh).map((value) =>
    text(toX(value), HEIGHT - EDGE.bottom + 16, formatX(value), 'middle'),
  )
  const paths = drawn.map(
    (line) =>
      `<path d="${path(line, toX, toY)}" fill="none" stroke="${line.color}" stroke-width="${line.isFaint ? 1 : 1.75}"` +
      `${line.isFaint ? ' stroke-opacity="0.35"' : ''}${line.isDashed ? ' stroke-dasharray="5 3"' : ''} clip-path="url(#plot)"/>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="11" role="img" aria-label="${escaped(`${title} by ${xLabel}`)}">`,
    `<clipPath id="plot"><rect x="${EDGE.left}" y="${EDGE.top}" width="${WIDTH - EDGE.left - EDGE.right}" height="${HEIGHT - EDGE.top - EDGE.bottom}"/></clipPath>`,
    `<rect width="100%" height="100%" fill="${look.paper}"/>`,
    `<text x="${EDGE.left}" y="18" font-size="13" font-weight="600" fill="${look.ink}">${escaped(title)}</text>`,
    ...rows,
    ...columns,
    text((EDGE.left + WIDTH - EDGE.right) / 2, HEIGHT - EDGE.bottom + 30, xLabel, 'middle'),
    ...paths,
    ...legend(drawn, look),
    '</svg>',
  ].join('')
}

function path({ x, y }: ChartLine, toX: (x: number) => number, toY: (y: number) => number): string {
  let isDown = false
  return x
    .map((at, i) => {
      if (!Number.isFinite(y[i]) || !Number.isFinite(at)) {
        isDown = false
        return ''
      }
      const move = isDown ? 'L' : 'M'
      isDown = true
      return `${move}${round(toX(at))} ${round(toY(y[i]!))}`
    })
    .join('')
}

function legend(lines: readonly ChartLine[], look: ChartLook): string[] {
  let at = EDGE.left
  return lines
    .filter(({ isFaint }) => !isFaint)
    .flatMap(({ label, color, isDashed }) => {
      const from = at
      at += 30 + 6.5 * label.length
      if (at > WIDTH) return []
      return [
        `<path d="M${round(from)} ${HEIGHT - 12}h14" stroke="${color}" stroke-width="2"${isDashed ? ' stroke-dasharray="4 2"' : ''}/>`,
        `<text x="${round(from + 19)}" y="${HEIGHT - 8}" fill="${look.ink}">${escaped(label)}</text>`,
      ]
    })
}

function ends(values: readonly number[], low?: number, high?: number): [number, number] {
  const finite = values.filter(Number.isFinite)
  const from = low ?? finite.reduce((a, b) => Math.min(a, b), Infinity)
  const to = high ?? finite.reduce((a, b) => Math.max(a, b), -Infinity)
  if (!Number.isFinite(from) || !Number.isFinite(to)) return [0, 1]
  return to > from ? [from, to] : [from - 0.5, to + 0.5]
}

/** Round numbers inside the ends: 1, 2 or 5 times a power of ten apart. */
export function ticks(low: number, high: number): number[] {
  const rough = (high - low) / TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

function round(pixels: number): string {
  return String(Number(pixels.toFixed(1)))
}

export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
