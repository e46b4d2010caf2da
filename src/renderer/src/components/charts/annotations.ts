/** A Chart.js plugin: labels at the end of lines, rules across the plot, what lines say at the pointer, a zoom being drawn. */
import type { Chart, Plugin } from 'chart.js'
import type { Rule } from './series'
import type { TokenReader } from './tokens'

interface Annotations {
  endLabels: (string | undefined)[]
  rules: readonly Rule[]
  /** Where the pointer is, in this chart or a sister, and what the lines say there. */
  hover: { x: number; values: readonly { text: string; y: number }[] } | null
  /** Pixels of a stretch that is being chosen. */
  stretch: readonly [number, number] | null
  read: TokenReader
  font: string
}

const GAP = 6
const LINE_HEIGHT = 14

export function annotationPlugin(current: () => Annotations): Plugin<'line'> {
  return {
    id: 'annotations',
    beforeDatasetsDraw: (chart) => drawRules(chart, current()),
    afterDatasetsDraw(chart) {
      const now = current()
      if (now.hover) drawHover(chart, now)
      else drawEndLabels(chart, now)
      if (now.stretch) drawStretch(chart, now.stretch, now.read)
    },
  }
}

function drawHover(chart: Chart, { hover, read, font }: Annotations): void {
  const { ctx, chartArea, scales } = chart
  const at = Math.round(scales.x!.getPixelForValue(hover!.x)) + 0.5
  if (at < chartArea.left || at > chartArea.right) return
  ctx.save()
  ctx.strokeStyle = read('--chart-axis')
  ctx.beginPath()
  ctx.moveTo(at, chartArea.top)
  ctx.lineTo(at, chartArea.bottom)
  ctx.stroke()
  const labels = hover!.values
    .map(({ text, y }) => ({ label: text, x: at, y: scales.y!.getPixelForValue(y) }))
    .filter(({ y }) => Number.isFinite(y))
  drawLabels(chart, labels, read, font)
  ctx.restore()
}

function drawStretch(chart: Chart, [from, to]: readonly [number, number], read: TokenReader): void {
  const { ctx, chartArea } = chart
  ctx.save()
  ctx.globalAlpha = 0.2
  ctx.fillStyle = read('--accent')
  ctx.fillRect(Math.min(from, to), chartArea.top, Math.abs(to - from), chartArea.bottom - chartArea.top)
  ctx.restore()
}

function drawRules(chart: Chart, { rules, read, font }: Annotations): void {
  const { ctx, chartArea, scales } = chart
  ctx.save()
  ctx.font = font
  for (const rule of rules) {
    const scale = scales[rule.axis]
    if (!scale || rule.at < scale.min || rule.at > scale.max) continue
    const at = Math.round(scale.getPixelForValue(rule.at)) + 0.5
    ctx.strokeStyle = read(rule.token)
    ctx.setLineDash(rule.isDashed ? [3, 3] : [])
    ctx.beginPath()
    if (rule.axis === 'x') {
      ctx.moveTo(at, chartArea.top)
      ctx.lineTo(at, chartArea.bottom)
    } else {
      ctx.moveTo(chartArea.left, at)
      ctx.lineTo(chartArea.right, at)
    }
    ctx.stroke()
    if (rule.label) drawRuleLabel(chart, rule, at, read)
  }
  ctx.restore()
}

function drawRuleLabel(chart: Chart, rule: Rule, at: number, read: TokenReader): void {
  const { ctx, chartArea } = chart
  const width = ctx.measureText(rule.label!).width
  ctx.fillStyle = read('--text-2')
  if (rule.axis === 'y') {
    ctx.fillText(rule.label!, chartArea.right - width - 2, at - 4)
    return
  }
  const fitsRight = at + GAP + width < chartArea.right
  const y = rule.labelAt === 'bottom' ? chartArea.bottom - 6 : chartArea.top + 10
  ctx.fillText(rule.label!, fitsRight ? at + GAP : at - GAP - width, y)
}

interface EndLabel {
  label: string
  x: number
  y: number
}

/** Labels keep clear of each other and of the axis: the lower ones move. */
function placeLabels(labels: EndLabel[], bottom: number): void {
  labels.sort((a, b) => a.y - b.y)
  let highest = -Infinity
  for (const label of labels) {
    label.y = Math.max(label.y, highest + LINE_HEIGHT)
    highest = label.y
  }
  let lowest = bottom - 3
  for (const label of labels.reverse()) {
    label.y = Math.min(label.y, lowest)
    lowest = label.y - LINE_HEIGHT
  }
}

function drawEndLabels(chart: Chart, { endLabels, read, font }: Annotations): void {
  const labels: EndLabel[] = endLabels.flatMap((label, i) => {
    const point = chart.getDatasetMeta(i).data.at(-1)
    return label && point && Number.isFinite(point.y) ? [{ label, x: point.x, y: point.y }] : []
  })
  chart.ctx.save()
  drawLabels(chart, labels, read, font)
  chart.ctx.restore()
}

function drawLabels(chart: Chart, labels: EndLabel[], read: TokenReader, font: string): void {
  const { ctx, chartArea } = chart
  ctx.font = `600 ${font}`
  ctx.lineWidth = 3
  ctx.lineJoin = 'round'
  ctx.strokeStyle = read('--surface-1')
  ctx.fillStyle = read('--text-1')
  const placed = labels.map(({ label, x, y }): EndLabel => {
    const width = ctx.measureText(label).width
    if (x + GAP + width < chart.width) return { label, x: x + GAP, y: y + 4 }
    return { label, x: Math.max(chartArea.left, Math.min(x, chartArea.right) - width - 2), y: y - 6 }
  })
  placeLabels(placed, chartArea.bottom)
  for (const { label, x, y } of placed) {
    ctx.strokeText(label, x, y)
    ctx.fillText(label, x, y)
  }
}
