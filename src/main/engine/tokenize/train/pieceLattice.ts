/** All cuts of a word into pieces: the expected count of each piece, the likeliest cut, and the next likeliest. */
import type { ScoredPiece } from './learnUnigram'

const UNKNOWN_PENALTY = 10

interface Node {
  children: Map<number, Node>
  id: number
}

interface Edge {
  start: number
  end: number
  /** Of a piece; `unknownId` for a character that is none. */
  id: number
  score: number
}

export class PieceLattice {
  readonly #root: Node = { children: new Map(), id: -1 }
  readonly #scores: Float64Array
  readonly #unknownScore: number
  /** Stands for characters that are no piece. */
  readonly unknownId: number

  constructor(pieces: readonly ScoredPiece[]) {
    this.#scores = Float64Array.from(pieces, ([, score]) => score)
    this.unknownId = pieces.length
    this.#unknownScore = this.#scores.reduce((a, b) => Math.min(a, b), 0) - UNKNOWN_PENALTY
    pieces.forEach(([piece], id) => {
      let node = this.#root
      for (let i = 0; i < piece.length; i++) {
        const unit = piece.charCodeAt(i)
        let child = node.children.get(unit)
        if (!child) node.children.set(unit, (child = { children: new Map(), id: -1 }))
        node = child
      }
      node.id = id
    })
  }

  /** Adds count × P(piece in the cut) for every piece of every cut (forward–backward). */
  addExpected(word: string, count: number, expected: Float64Array): void {
    const edges = this.#edges(word)
    const forward = new Float64Array(word.length + 1).fill(-Infinity)
    const backward = new Float64Array(word.length + 1).fill(-Infinity)
    forward[0] = 0
    backward[word.length] = 0
    for (const { start, end, score } of edges) forward[end] = logAdd(forward[end]!, forward[start]! + score)
    for (let i = edges.length - 1; i >= 0; i--) {
      const { start, end, score } = edges[i]!
      backward[start] = logAdd(backward[start]!, score + backward[end]!)
    }
    const total = forward[word.length]!
    for (const { start, end, id, score } of edges)
      if (id !== this.unknownId)
        expected[id]! += count * Math.exp(forward[start]! + score + backward[end]! - total)
  }

  /** Pieces of the likeliest cut. */
  best(word: string): number[] {
    return this.#best(word, this.#edges(word))
  }

  /**
   * Of a piece as a word: whether it is its own likeliest cut (or its only one), and where it is, the pieces of the
   * next likeliest; none where it cannot be cut otherwise.
   */
  alternative(piece: string): { isOwnBest: boolean; parts: number[] } {
    const edges = this.#edges(piece)
    const others = edges.filter(({ start, end }) => end - start < piece.length)
    const canBeCut = this.#reachesEnd(piece, others)
    if (!canBeCut) return { isOwnBest: true, parts: [] }
    if (this.#best(piece, edges).length >= 2) return { isOwnBest: false, parts: [] }
    return { isOwnBest: true, parts: this.#best(piece, others) }
  }

  #reachesEnd(word: string, edges: readonly Edge[]): boolean {
    const reached = new Uint8Array(word.length + 1)
    reached[0] = 1
    for (const { start, end } of edges) if (reached[start]) reached[end] = 1
    return reached[word.length] === 1
  }

  #best(word: string, edges: readonly Edge[]): number[] {
    const best = new Float64Array(word.length + 1).fill(-Infinity)
    const by: (Edge | undefined)[] = []
    best[0] = 0
    for (const edge of edges) {
      const score = best[edge.start]! + edge.score
      if (score > best[edge.end]!) {
        best[edge.end] = score
        by[edge.end] = edge
      }
    }
    const ids: number[] = []
    for (let edge = by[word.length]; edge; edge = by[edge.start]) ids.push(edge.id)
    return ids.reverse()
  }

  /** In order of their starts: whoever walks them has settled a place before leaving it. */
  #edges(word: string): Edge[] {
    const edges: Edge[] = []
    for (let start = 0; start < word.length;) {
      const step = word.codePointAt(start)! > 0xffff ? 2 : 1
      let hasSingle = false
      let node: Node | undefined = this.#root
      for (let end = start; end < word.length;) {
        node = node.children.get(word.charCodeAt(end++))
        if (!node) break
        if (node.id < 0) continue
        edges.push({ start, end, id: node.id, score: this.#scores[node.id]! })
        if (end - start === step) hasSingle = true
      }
      if (!hasSingle) edges.push({ start, end: start + step, id: this.unknownId, score: this.#unknownScore })
      start += step
    }
    return edges
  }
}

function logAdd(a: number, b: number): number {
  if (a === -Infinity) return b
  if (b === -Infinity) return a
  const [high, low] = a > b ? [a, b] : [b, a]
  return high + Math.log1p(Math.exp(low - high))
}
