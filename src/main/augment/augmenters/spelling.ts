import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { inCaseOf } from '../text/letterCase'
import { alterWords, noiseParameters } from './words'

/** What writers of English confuse; the first match of a rule is changed. */
const RULES: readonly (readonly [pattern: RegExp, put: string])[] = [
  [/ie/, 'ei'],
  [/ei/, 'ie'],
  [/([bcdfglmnprst])\1/, '$1'],
  [/([aeiou])([lmnprst])(?=[aeiou])/, '$1$2$2'],
  [/ance$/, 'ence'],
  [/ence$/, 'ance'],
  [/ant$/, 'ent'],
  [/ent$/, 'ant'],
  [/able$/, 'ible'],
  [/ible$/, 'able'],
  [/er$/, 'or'],
  [/or$/, 'er'],
  [/ary$/, 'ery'],
  [/ery$/, 'ary'],
  [/tion/, 'sion'],
  [/sion/, 'tion'],
  [/ous$/, 'us'],
  [/ph/, 'f'],
  [/wh/, 'w'],
  [/kn/, 'n'],
  [/wr/, 'r'],
  [/ough/, 'uff'],
  [/ght/, 'gt'],
  [/sc(?=[ei])/, 's'],
  [/ea/, 'ee'],
  [/ee/, 'ea'],
  [/([^aeiou])e$/, '$1'],
  [/ely$/, 'ly'],
  [/ll?y$/, 'ly'],
  [/c(?=[ei])/, 's'],
  [/qu/, 'k'],
]

export const spelling = defineAugmenter({
  name: 'spelling',
  title: 'Spelling errors',
  group: 'Characters',
  says: 'Misspells English words as people do: ie for ei, one letter for two, -ence for -ance.',
  source: 'rules after common misspellings of English',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject(noiseParameters),
  prepare:
    (parameters) =>
    (sentence, { draw }) =>
      alterWords(sentence, parameters, draw, (word) => {
        const lower = word.toLowerCase()
        const fitting = RULES.filter(([pattern]) => pattern.test(lower))
        if (fitting.length === 0) return null
        const [pattern, put] = draw.pick(fitting)
        return inCaseOf(word, lower.replace(pattern, put))
      }),
})
