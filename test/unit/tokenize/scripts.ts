/** Lines of text in ten scripts and of hostile characters from a seeded generator. */

/** Ranges of letters; spaces, digits, punctuation and marks are mixed in by the generator. */
const SCRIPTS: readonly (readonly [number, number])[][] = [
  [[0x61, 0x7a]],
  [[0xc0, 0x24f]],
  [[0x391, 0x3c9]],
  [[0x410, 0x44f]],
  [[0x5d0, 0x5ea]],
  [
    [0x621, 0x64a],
    [0x64b, 0x655],
  ],
  [
    [0x905, 0x939],
    [0x93e, 0x94d],
  ],
  [[0xe01, 0xe4e]],
  [
    [0x4e00, 0x4eff],
    [0x3041, 0x30f6],
    [0x20000, 0x20040],
  ],
  [
    [0xac00, 0xac80],
    [0x1100, 0x1112],
    [0x1161, 0x1175],
    [0x11a8, 0x11c2],
  ],
]
const MARKS = ['\u0301', '\u0308', '\u0323', '\u0327', '\u200d', '\u0345', '\u093c']
const SIGNS = [
  ...Array.from('.,;:!?\'"()[]{}-_+=<>#@&%$/\\|~^`*'),
  '“',
  '”',
  '—',
  '…',
  '¿',
  '。',
  '、',
  '€',
  '™',
  '½',
  '²',
]
const SPACES = [
  ' ',
  ' ',
  ' ',
  ' ',
  '  ',
  '\t',
  '\n',
  '\r\n',
  '\u00a0',
  '\u3000',
  '\u2003',
  '\u0085',
  '\u000b',
]
const ODD = [
  ...['\u0000', '\ufffd', '\ufeff', '\u00ad', '\u200b', '\u202e', '\ue000', '😀', '👩‍👩‍👧', '🇨🇭', 'ﬁ', 'ǅ', 'İ'],
  ...[
    'ẞ',
    'Σ',
    'ς',
    'ſ',
    'K',
    'Å',
    '＀',
    '\u{10ffff}',
    '\u{1f3fb}',
    '１２',
    '٣',
    '𝟘',
    '<s>',
    '[MASK]',
    "don't",
    "I'll",
  ],
  ...['[SEP]', '<|endoftext|>', 'added', 'Ġ', '▁', '##a', '<0x41>', 'the', ' the', 'THE'],
]

export interface Random {
  next(): number
  pick<T>(list: readonly T[]): T
}

/** Mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return { next, pick: (list) => list[Math.floor(next() * list.length)]! }
}

export function scriptLine(random: Random): string {
  const script = random.pick(SCRIPTS)
  let line = ''
  for (let words = 1 + Math.floor(random.next() * 12); words > 0; words--) {
    for (let letters = 1 + Math.floor(random.next() * 8); letters > 0; letters--) {
      const [from, to] = random.pick(random.next() < 0.9 ? script : random.pick(SCRIPTS))
      line += String.fromCodePoint(from + Math.floor(random.next() * (to - from + 1)))
      if (random.next() < 0.08) line += random.pick(MARKS)
      if (random.next() < 0.05) line = line.slice(0, -1) + line.slice(-1).toUpperCase()
    }
    const dice = random.next()
    if (dice < 0.2) line += random.pick(SIGNS)
    else if (dice < 0.3) line += String(Math.floor(random.next() * 1000))
    else if (dice < 0.4) line += random.pick(ODD)
    if (random.next() < 0.9) line += random.pick(SPACES)
  }
  return line
}
