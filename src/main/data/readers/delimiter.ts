/** Which sign separates the fields of a delimited text. */

const CANDIDATES = [',', '\t', ';', '|'] as const
export type Delimiter = (typeof CANDIDATES)[number]

const RECORDS_LOOKED_AT = 100

/** The candidate that cuts the first records into the most equal numbers of fields; a comma if none cuts them. */
export function sniffDelimiter(text: string): Delimiter {
  let best: Delimiter = ','
  let bestScore = 0
  for (const candidate of CANDIDATES) {
    const widths = recordWidths(text, candidate)
    const header = widths[0] ?? 1
    if (header < 2) continue
    const equal = widths.filter((width) => width === header).length / widths.length
    // Agreement counts most; among equals the one that finds more fields.
    const score = equal + Math.min(header, 50) / 1000
    if (score > bestScore) [best, bestScore] = [candidate, score]
  }
  return best
}

/** Fields in each record, quotes respected; the last record may be cut off and does not count if others are there. */
function recordWidths(text: string, delimiter: string): number[] {
  const widths: number[] = []
  let width = 1
  let isQuoted = false
  let isEmpty = true
  for (let i = 0; i < text.length && widths.length < RECORDS_LOOKED_AT; i++) {
    const char = text[i]!
    if (char === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (char === delimiter) width++
    else if (char === '\n') {
      if (!isEmpty || width > 1) widths.push(width)
      width = 1
      isEmpty = true
      continue
    }
    if (char !== '\r') isEmpty = false
  }
  if (widths.length === 0) widths.push(width)
  return widths
}
