/** Two Chart.js plugins: labels at the end of lines, and rules across the plot. */
import type { Chart, Plugin } from 'chart.js'
import type { Rule } from './series'
import type { TokenReader } from './tokens'

interface Annotations {
  endLabels: (string | undefined)[]
  rules: readonly Rule[]
  read: TokenReader
  font: string
}

const GAP = 6
const LINE_HEIGHT = 14

export function annotationPlugin(current: () => Annotations): Plugin<'line'> {
  return {
    id: 'annotations',
    beforeDatasetsDraw: (chart) => drawRules(chart, current()),
    afterDatasetsDraw: (chart) => drawEndLabels(chart, current()),
  }
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
    label.y = Math.max(label.y + 4, highest + LINE_HEIGHT)
    highest = label.y
  }
  let lowest = bottom - 3
  for (const label of labels.reverse()) {
    label.y = Math.min(label.y, lowest)
    lowest = label.y - LINE_HEIGHT
  }
}

function drawEndLabels(chart: Chart, { endLabels, read, font }: Annotations): void {
  const { ctx, chartArea } = chart
  const labels: EndLabel[] = endLabels.flatMap((label, i) => {
    const point = chart.getDatasetMeta(i).data.at(-1)
    return label && point && Number.isFinite(point.y) ? [{ label, x: point.x, y: point.y }] : []
  })
  placeLabels(labels, chartArea.bottom)
  ctx.save()
  ctx.font = `600 ${font}`
  ctx.lineWidth = 3
  ctx.lineJoin = 'round'
  ctx.strokeStyle = read('--surface-1')
  ctx.fillStyle = read('--text-1')
  for (const { label, x, y } of labels) {
    const width = ctx.measureText(label).width
    const fitsRight = x + GAP + width < chart.width
    const at: [number, number] = fitsRight
      ? [x + GAP, y]
      : [Math.max(chartArea.left, chartArea.right - width - 2), y - 10]
    ctx.strokeText(label, ...at)
    ctx.fillText(label, ...at)
  }
  ctx.restore()
}
