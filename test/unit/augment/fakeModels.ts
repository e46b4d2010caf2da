/** Models whose answers are made up, but depend on the question alone as real ones' do. */
import type { Gap, Models } from '../../../src/main/augment/models'

const WORDS = ['river', 'green', 'walks', 'stone', 'often', 'house', 'music', 'apple']

/** Every gap and text that was asked, call by call. */
export interface Asked {
  gaps: Gap[][]
}

export function fakeModels(asked: Asked = { gaps: [] }): Models {
  return {
    maskedLm: (_reference, isWord) => {
      const words = WORDS.filter(isWord)
      return Promise.resolve({
        fill(gaps, count) {
          asked.gaps.push([...gaps])
          return Promise.resolve(
            gaps.map(({ before, after, masks }) => {
              const start = before.length + 3 * after.length + masks
              return words
                .map((_, i) => ({ word: words[(start + i) % words.length]!, logit: -i }))
                .slice(0, count)
            }),
          )
        },
        // The longer a text, the likelier.
        score: (texts) => Promise.resolve(texts.map((text) => text.length / 100)),
      })
    },
    // Whoever speaks of a river is wet.
    classifier: () =>
      Promise.resolve({
        labels: ['wet', 'dry', 'a', 'O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'],
        agrees: (rows) =>
          Promise.resolve(
            rows.map((row) => {
              const isWet = /river/i.test('texts' in row ? row.texts.join(' ') : row.tokens.join(' '))
              return 'tags' in row ? !isWet : row.label === 'a' || isWet === (row.label === 'wet')
            }),
          ),
      }),
    // Speaks louder, and by the copy's numbers of other rivers.
    writer: () =>
      Promise.resolve({
        write: (texts, _writing, draws) =>
          Promise.resolve(
            texts.map((text, i) => `${text.toUpperCase()} ${WORDS[draws[i]!.below(WORDS.length)]!}`),
          ),
      }),
    // The share of each letter.
    embedder: () =>
      Promise.resolve({
        embed: (texts) =>
          Promise.resolve(
            texts.map((text) => {
              const counts = new Float32Array(27).fill(0.01)
              for (const letter of text.toLowerCase())
                counts[Math.max(0, ' abcdefghijklmnopqrstuvwxyz'.indexOf(letter))]!++
              return counts
            }),
          ),
      }),
  }
}
