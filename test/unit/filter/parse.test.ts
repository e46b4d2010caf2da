/** The filter language: what it reads, where its errors point, what it offers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completions } from '../../../src/shared/filter/complete'
import { fieldKey, resolveField } from '../../../src/shared/filter/fields'
import { filterMistake, parseFilter } from '../../../src/shared/filter/parse'
import { quote, tokenize } from '../../../src/shared/filter/tokens'
import { FilterError, type Filter } from '../../../src/shared/filter/tree'
import { context, known, nowMs } from './known'

const parse = (text: string): Filter | null => parseFilter(text, context)

/** As a person would bracket it. */
function show(filter: Filter | null): string {
  if (filter === null) return ''
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.parts.map(show).join(` ${filter.kind} `)})`
    case 'not':
      return `not ${show(filter.part)}`
    case 'text':
      return `"${filter.text}"`
    case 'has':
      return `has(${fieldKey(filter.field)})`
    case 'like':
      return `${fieldKey(filter.field)} like ${filter.pattern}`
    case 'in':
      return `${fieldKey(filter.field)} in [${filter.values.map(String).join()}]`
    case 'compare':
      return `${fieldKey(filter.field)} ${filter.operator} ${JSON.stringify(filter.value)}`
  }
}

describe('a filter', () => {
  it.each([
    ['', ''],
    ['accuracy > 0.9', 'metrics.eval_accuracy.best > 0.9'],
    ['metrics.loss.min<=1e-3', 'metrics.loss.min <= 0.001'],
    ['learning_rate = 1e-3', 'params.learning_rate = 0.001'],
    ['name = a or name = b and name = c', '(name = "a" or (name = "b" and name = "c"))'],
    ['(name = a or name = b) and not name = c', '((name = "a" or name = "b") and not name = "c")'],
    ['NOT NOT name = a', 'not not name = "a"'],
    ['state in (failed, Interrupted)', 'status in [failed,interrupted]'],
    ['tag not in (baseline, "keep it")', 'not tags in [baseline,keep it]'],
    ["name LIKE '%x%'", 'name like %x%'],
    ['name not like a%', 'not name like a%'],
    ['has(note)', 'has(note)'],
    ['params.optim is null', 'not has(params.optim)'],
    ['reason is not null', 'has(reason)'],
    ['bert small accuracy > 0.5', '("bert" and "small" and metrics.eval_accuracy.best > 0.5)'],
    ['"two words"', '"two words"'],
    ['name = "say ""hi"""', 'name = "say \\"hi\\""'],
    ['load_best_model_at_end = true', 'params.load_best_model_at_end = true'],
    ['params.`class_weights.good news` > 1', 'params.`class_weights.good news` > 1'],
    ['duration > 1.5h', 'duration > 5400000'],
    ['peak_memory < 2GB', 'peak_memory < 2000000000'],
    ['like in is', '("like" and "in" and "is")'],
    ['started > -7d', `started > ${JSON.stringify({ fromMs: nowMs - 6048e5, toMs: nowMs - 6048e5 + 1 })}`],
    [
      'created = 2026-11-20',
      `created = ${JSON.stringify({ fromMs: +new Date(2026, 10, 20), toMs: +new Date(2026, 10, 21) })}`,
    ],
    [
      'created >= "2026-11-20 14:30"',
      `created >= ${JSON.stringify({ fromMs: +new Date(2026, 10, 20, 14, 30), toMs: +new Date(2026, 10, 20, 14, 31) })}`,
    ],
  ])('reads %s', (text, shown) => expect(show(parse(text))).toBe(shown))
})

describe('a mistake', () => {
  it.each([
    ['accurazy > 0.9', 0, 8, 'No run has accurazy.', 'accuracy'],
    ['name > 3', 5, 6, 'name cannot be larger or smaller.', '=, !=, in, like'],
    ['accuracy > high', 11, 15, 'high cannot be compared with it.', 'A number'],
    ['status = faild', 9, 14, 'faild is none of its values.', 'failed'],
    ['created > 2026-02-31', 10, 20, '2026-02-31 cannot be compared with it.', 'A date'],
    ['accuracy >', 10, 11, 'A value is missing at the end.', ''],
    ['(name = a', 0, 1, 'This bracket is not closed.', ''],
    ['name = a)', 8, 9, ') has no place here.', 'no ('],
    ['name = "a', 7, 9, 'This quote is not closed.', ''],
    ['name = a and', 12, 13, 'The end where a condition should be.', ''],
    ['or name = a', 0, 2, 'A condition should stand before or.', ''],
    ['metrics.loss.best > 1', 0, 17, 'Training figures have no best evaluation.', '.min'],
    ['accuracy in 3', 9, 10, '', ''],
    ['has(acc)', 4, 7, 'No run has acc.', ''],
    ['name is nul', 5, 6, '', ''],
    ['learning_rate > "0.1"', 16, 21, '> compares numbers; "0.1" is none.', ''],
    ['state ! failed', 6, 7, '! stands alone.', '!='],
  ])('in %s is at characters %i to %i', (text, from, to, message, hint) => {
    const mistake = filterMistake(text, context)
    // A word that is no condition is searched for, so these two say something.
    if (message === '') {
      expect(mistake).toBeNull()
      return
    }
    expect(mistake && [mistake.from, mistake.to, mistake.message]).toEqual([from, to, message])
    expect(mistake?.hint ?? '').toContain(hint)
  })

  it('is a FilterError inside the text, whatever the text', () => {
    const piece = fc.constantFrom(
      ...[
        'name',
        'accuracy',
        'and',
        'or',
        'not',
        '(',
        ')',
        ',',
        '=',
        '>',
        '!',
        '"',
        "'",
        '`',
        '1e-3',
        'in',
        'like',
      ],
      ...['is', 'null', 'has', '-7d', 'x', ' ', '\\', 'params.', '.best', 'é', '𝕏'],
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(' ')),
        (text) => {
          const mistake = filterMistake(text, context)
          if (mistake === null) return
          expect(mistake).toBeInstanceOf(FilterError)
          expect(mistake.from).toBeGreaterThanOrEqual(0)
          expect(mistake.from).toBeLessThanOrEqual(text.length)
          expect(mistake.to).toBeGreaterThan(mistake.from)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('of nesting ends in a sentence, not in the stack', () => {
    expect(filterMistake('('.repeat(5000), context)?.message).toMatch(/nested/)
    expect(filterMistake('not '.repeat(5000) + 'a', context)?.message).toMatch(/nested/)
  })
})

describe('names and texts', () => {
  it('come back from their keys', () => {
    for (const name of ['name', 'tags', 'params.learning_rate', 'metrics.eval_loss.min', 'accuracy']) {
      const field = resolveField(name, known)!
      expect(resolveField(fieldKey(field).replace(/`/g, ''), known)).toEqual(field)
    }
  })

  it('any text, quoted, is one token again', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(tokenize(quote(text))[0]).toMatchObject({ kind: 'quoted', text })
      }),
    )
  })
})

describe('what could come next', () => {
  const offered = (text: string): string[] =>
    completions(text, text.length, known).options.map(({ label }) => label)

  it.each([
    ['', 'name'],
    ['acc', 'metrics.eval_accuracy'],
    ['name ', '='],
    ['accuracy ', '>='],
    ['state = f', 'failed'],
    ['state in (failed, int', 'interrupted'],
    ['tags = ', '"keep it"'],
    ['dataset = sem', '"semantic fields"'],
    ['optim = ', 'lion'],
    ['created > ', '-7d'],
    ['name is ', 'not null'],
    ['name = a ', 'and'],
    ['name = a and ', 'name'],
    ['has(', 'name'],
    ['not ', 'name'],
    ['archived = ', 'true'],
  ])('after "%s" offers %s', (text, label) => expect(offered(text)).toContain(label))

  it('offers nothing inside a quote, and replaces the word under the caret', () => {
    expect(offered('name = "a')).toEqual([])
    const found = completions('lear > 1', 4, known)
    expect([found.from, found.to]).toEqual([0, 4])
    expect(found.options[0]).toMatchObject({ insert: 'metrics.learning_rate' })
  })

  it('of values quotes those with spaces', () => {
    const [option] = completions('tags = keep', 11, known).options
    expect(option?.insert).toBe('"keep it"')
  })
})
