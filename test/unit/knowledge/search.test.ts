/** Search: names first, slips forgiven, quick enough for every key. */
import { beforeAll, describe, expect, it } from 'vitest'
import { parseEntry } from '../../../src/main/knowledge/entry'
import { Library } from '../../../src/main/knowledge/library'
import { readBuiltIn } from '../../../src/main/knowledge/resources'

let library: Library
beforeAll(() => {
  library = new Library(readBuiltIn().map((file) => parseEntry(file, false)))
})

const first = (query: string) => library.search(query, 10)[0]?.id
const ids = (query: string) => library.search(query, 10).map(({ id }) => id)

describe('search', () => {
  it.each([
    ['gradient clipping', 'gradient-clipping'],
    ['gradeint cliping', 'gradient-clipping'],
    ['max_grad_norm', 'gradient-clipping'],
    ['perplexty', 'perplexity'],
    ['overfiting', 'overfitting'],
    ['tokenizaton', 'tokenization'],
    ['labl smoothng', 'label-smoothing'],
    ['BPE', 'bpe'],
    ['learning rate', 'learning-rate'],
    ['oom', 'out-of-memory'],
    ['rogue', 'rouge'],
  ])('finds for "%s" %s first', (query, id) => {
    expect(first(query)).toBe(id)
  })

  it('finds while a word is being typed', () => {
    expect(ids('warm')).toContain('warmup')
    expect(ids('drop')).toContain('dropout')
  })

  it('puts the entry of just this name first', () => {
    expect(ids('NER')[0]).toBe('named-entity-recognition')
    expect(ids('translation')[0]).toBe('machine-translation')
  })

  it('takes any word where no entry has them all, and says nothing for nonsense', () => {
    expect(ids('dropout zebra')).toContain('dropout')
    expect(ids('qqqqzzzzxxxx')).toEqual([])
    expect(ids('')).toEqual([])
  })

  it('answers a key in under 30 ms', () => {
    const query = 'gradeint clippin norm'
    library.search(query, 50)
    const times = Array.from(query, (_, i) => {
      const start = performance.now()
      library.search(query.slice(0, i + 1), 50)
      return performance.now() - start
    })
    expect(times.sort((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(30)
  })

  it('finds by name what a person would call it', () => {
    expect(library.find('max_grad_norm').id).toBe('gradient-clipping')
    expect(library.find('norm clipping').id).toBe('gradient-clipping')
    expect(() => library.find('gradient-cliping')).toThrow(/no entry/)
  })
})
