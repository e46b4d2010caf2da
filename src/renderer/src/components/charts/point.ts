/** A point of a PointPlot: where it is, what it is called and where it leads. */
export interface PlotPoint {
  key: number
  x: number
  y: number
  label: string
  to: string
  isHollow?: boolean
  isMarked?: boolean
}
