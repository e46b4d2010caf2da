/**
 * A stretch of text on its way through the pipeline. With `spans`, every UTF-16 unit knows the range of the
 * original text it came from ([start, end) pairs); without, only the text travels, which is several times faster.
 */
export interface Piece {
  readonly text: string
  /** Two numbers for each UTF-16 unit of `text`, or null when nobody asked for offsets. */
  readonly spans: Int32Array | null
  /** True if its first character is the original's first (Metaspace's `first` scheme asks). */
  readonly atStart: boolean
}

export function wholeText(text: string, withSpans: boolean): Piece {
  if (!withSpans) return { text, spans: null, atStart: true }
  const spans = new Int32Array(2 * text.length)
  for (let i = 0; i < text.length; i++) {
    spans[2 * i] = i
    spans[2 * i + 1] = i + 1
  }
  // Both halves of a surrogate pair stand for the whole character.
  for (let i = 0; i + 1 < text.length; i++) {
    if (text.codePointAt(i)! > 0xffff) {
      spans[2 * i + 1] = i + 2
      spans[2 * i + 2] = i
      i++
    }
  }
  return { text, spans, atStart: true }
}

export function slicePiece(piece: Piece, start: number, end: number): Piece {
  if (start === 0 && end === piece.text.length) return piece
  return {
    text: piece.text.slice(start, end),
    spans: piece.spans && piece.spans.subarray(2 * start, 2 * end),
    atStart: piece.atStart && start === 0,
  }
}

/** `prefix` in front; its characters share the place of the first character of the piece. */
export function prependPiece(piece: Piece, prefix: string): Piece {
  let spans: Int32Array | null = null
  if (piece.spans) {
    spans = new Int32Array(piece.spans.length + 2 * prefix.length)
    const at = piece.spans[0] ?? 0
    spans.fill(at, 0, 2 * prefix.length)
    spans.set(piece.spans, 2 * prefix.length)
  }
  return { text: prefix + piece.text, spans, atStart: piece.atStart }
}

/** One replacement in a text: UTF-16 units [start, end) become `text`. */
export interface Edit {
  start: number
  end: number
  text: string
}

/** Applies edits (in order, not overlapping); each replacement covers the range of what it replaces. */
export function editPiece(piece: Piece, edits: readonly Edit[]): Piece {
  if (edits.length === 0) return piece
  let text = ''
  let at = 0
  for (const edit of edits) {
    text += piece.text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  text += piece.text.slice(at)
  if (!piece.spans) return { text, spans: null, atStart: piece.atStart }

  const spans = new Int32Array(2 * text.length)
  let out = 0
  at = 0
  const keep = (end: number) => {
    spans.set(piece.spans!.subarray(2 * at, 2 * end), out)
    out += 2 * (end - at)
  }
  for (const edit of edits) {
    keep(edit.start)
    const first = piece.spans[2 * edit.start] ?? 0
    const last = piece.spans[2 * edit.end - 1] ?? first
    for (let i = 0; i < edit.text.length; i++) {
      spans[out++] = first
      spans[out++] = last
    }
    at = edit.end
  }
  keep(piece.text.length)
  return { text, spans, atStart: piece.atStart }
}

/**
 * Applies a whole-text function. Offsets are found by applying it to ever larger segments (characters, then
 * characters with their marks, then words) until the parts add up to the whole.
 */
export function mapPiece(piece: Piece, f: (text: string) => string): Piece {
  const whole = f(piece.text)
  if (whole === piece.text) return piece
  const atStart = piece.atStart && (whole === '' || f(firstCharacter(piece.text)) !== '')
  if (!piece.spans) return { text: whole, spans: null, atStart }
  for (const pattern of SEGMENTS) {
    const edits: Edit[] = []
    for (const match of piece.text.matchAll(pattern)) {
      const text = f(match[0])
      if (text !== match[0]) edits.push({ start: match.index, end: match.index + match[0].length, text })
    }
    const mapped = editPiece(piece, edits)
    if (mapped.text === whole) return { ...mapped, atStart }
  }
  return { ...editPiece(piece, [{ start: 0, end: piece.text.length, text: whole }]), atStart }
}

function firstCharacter(text: string): string {
  return text.slice(0, text.codePointAt(0)! > 0xffff ? 2 : 1)
}

const SEGMENTS = [/./gsu, /[^\p{M}\u1160-\u11ff]?[\p{M}\u1160-\u11ff]*/gsu, /\S+|\s+/gsu]
