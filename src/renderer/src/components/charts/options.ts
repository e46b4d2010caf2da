/** How every chart looks: horizontal hairlines, no frame, four to nine ticks, 11 px labels. */
import type { ChartOptions } from 'chart.js'
import { formatTick } from '../../format/number'
import type { TokenReader } from './tokens'

interface ChartLook {
  read: TokenReader
  formatX: (value: number) => string
  formatY: (value: number) => string
  xMin: number | undefined
  xMax: number | undefined
  yMin: number | undefined
  yMax: number | undefined
  isLog: boolean
  isLogX: boolean
  /** What each line says stands beside it where the pointer is, in every chart: no tooltip. */
  isShared: boolean
  hasEndLabels: boolean
}

const FONT = { size: 11, family: 'system-ui, sans-serif' }

export function chartOptions(look: ChartLook): ChartOptions<'line'> {
  const { read, formatX, formatY } = look
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: true,
    maintainAspectRatio: false,
    layout: { padding: { top: 6, right: look.hasEndLabels ? 12 : 8 } },
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    plugins: {
      decimation: { enabled: true, algorithm: 'min-max' },
      tooltip: {
        enabled: !look.isShared,
        animation: false,
        backgroundColor: read('--surface-2'),
        borderColor: read('--line-2'),
        borderWidth: 1,
        cornerRadius: 6,
        padding: 6,
        titleColor: read('--text-2'),
        bodyColor: read('--text-1'),
        titleFont: { ...FONT, weight: 'normal' },
        bodyFont: FONT,
        boxWidth: 8,
        boxHeight: 2,
        filter: (item) => item.dataset.borderWidth !== 1,
        callbacks: {
          title: (items) => (items[0] ? formatX(items[0].parsed.x ?? 0) : ''),
          label: (item) => ` ${item.dataset.label ?? ''} ${formatY(item.parsed.y ?? 0)}`,
        },
      },
    },
    scales: {
      x: {
        type: look.isLogX ? 'logarithmic' : 'linear',
        ...((look.xMin !== undefined || !look.isLogX) && { min: look.xMin ?? 0 }),
        ...(look.xMax !== undefined && { max: look.xMax }),
        grid: { display: false, drawTicks: true, tickLength: 4, tickColor: read('--line-2') },
        border: { color: read('--line-2') },
        ticks: {
          color: read('--chart-axis'),
          font: FONT,
          maxTicksLimit: 9,
          maxRotation: 0,
          autoSkipPadding: 12,
          includeBounds: false,
          callback: (value) => formatX(Number(value)),
        },
      },
      y: {
        type: look.isLog ? 'logarithmic' : 'linear',
        ...(look.yMin !== undefined && !look.isLog && { min: look.yMin }),
        ...(look.yMax !== undefined && { max: look.yMax }),
        grid: { color: read('--chart-grid'), drawTicks: false },
        border: { display: false },
        ticks: {
          color: read('--chart-axis'),
          font: FONT,
          maxTicksLimit: 6,
          padding: 6,
          callback: (value) => formatTick(Number(value)),
        },
      },
    },
  }
}
