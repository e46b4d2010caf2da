import { describe, expect, it } from 'vitest'
import { openText } from '../../../src/main/data/readers/openSource'
import { sniffFormat } from '../../../src/main/data/readers/registry'

async function read(text: string) {
  const source = openText(text, { format: 'conll' })
  const rows = []
  for await (const row of source.rows()) rows.push(row)
  return { rows, rejects: source.rejects.kept }
}

describe('CoNLL files', () => {
  it('are a row a sentence, with the first column as tokens and the last as tags', async () => {
    const { rows } = await read(
      '-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nPeter NNP B-NP B-PER\n',
    )
    expect(rows).toEqual([
      { row: 3, cells: { tokens: ['EU', 'rejects'], pos: ['NNP', 'VBZ'], tags: ['B-ORG', 'O'] } },
      { row: 6, cells: { tokens: ['Peter'], pos: ['NNP'], tags: ['B-PER'] } },
    ])
  })

  it('may have tabs, comments before a sentence, CRLF and no empty line at the end', async () => {
    const { rows } = await read('# id 1\r\nNew York\tB-LOC\r\n#\tO\r\n\r\n\r\n# id 2\r\nyes\tO')
    expect(rows.map(({ cells }) => cells)).toEqual([
      { tokens: ['New York', '#'], tags: ['B-LOC', 'O'] },
      { tokens: ['yes'], tags: ['O'] },
    ])
  })

  it('reject a sentence with a broken line, naming the line, and keep the others', async () => {
    const { rows, rejects } = await read('a O\nb\n\nc O\n\nd O\ne X O\n')
    expect(rows).toEqual([{ row: 4, cells: { tokens: ['c'], tags: ['O'] } }])
    expect(rejects).toEqual([
      { row: 2, field: null, reason: 'has a token without a tag', excerpt: 'b' },
      { row: 7, field: null, reason: 'has 3 columns where the sentence has 2', excerpt: 'e X O' },
    ])
  })

  it.each([
    ['train.txt', 'EU B-ORG\nsays O\n\n', 'conll'],
    ['notes.txt', 'EU is here\nand O\n', 'txt'],
    ['words.tsv', 'EU\tB-ORG\nsays\tO\n', 'tsv'],
    ['names.bio', 'anything', 'conll'],
  ])('%s is told by its name or its tags', (name, head, format) => {
    expect(sniffFormat(name, head)).toBe(format)
  })
})
