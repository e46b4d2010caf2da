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
      })
    },
  }
}
