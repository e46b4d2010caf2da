/** The built-in entries: every file parses, links lead somewhere, and every control of the app has its term. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { AugmentGates } from '../../../src/shared/domain/augmentation'
import { ComparisonSettings } from '../../../src/shared/domain/augmentComparison'
import { augmenters } from '../../../src/main/augment/registry'
import { TRAINING_ARGUMENTS } from '../../../src/shared/domain/trainingArguments'
import { checkRunConfig, RUN_CONFIG_KEYS } from '../../../src/shared/domain/runConfig'
import { PrunerConfig, SamplerConfig } from '../../../src/shared/domain/study'
import { SCHEDULES } from '../../../src/shared/schedule/registry'
import { VIEWS } from '../../../src/renderer/src/panes/runs/examples/views'
import { FORM_FIELDS } from '../../../src/renderer/src/form/fields'
import { OPTIMIZERS } from '../../../src/main/engine/optim/registry'
import { METRICS } from '../../../src/main/metrics/registry'
import { parseEntry, type Entry } from '../../../src/main/knowledge/entry'
import { Library } from '../../../src/main/knowledge/library'
import { readBuiltIn } from '../../../src/main/knowledge/resources'
import type { MathNode } from '../../../src/shared/domain/knowledge'

const SECTIONS = ['When to use it', 'When not', 'The usual mistake']

let entries: Entry[]
let library: Library
beforeAll(() => {
  entries = readBuiltIn().map((file) => parseEntry(file, false))
  library = new Library(entries)
})

const headings = (entry: Entry) =>
  entry.body.flatMap((block) => (block.kind === 'heading' ? [block.text] : []))

describe('the files', () => {
  it('hold at least 90 terms, 26 questions and the guide, each id once and as its file is named', () => {
    const count = (kind: string) => entries.filter((entry) => entry.kind === kind).length
    expect(count('term')).toBeGreaterThanOrEqual(90)
    expect(count('question')).toBeGreaterThanOrEqual(26)
    expect(count('guide')).toBe(1)
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    const names = readBuiltIn().map(({ file }) => file.replace(/^.*[\\/]/, '').replace(/\.md$/, ''))
    expect(names).toEqual(entries.map(({ id }) => id))
  })

  it('have no dead link', () => {
    expect(library.deadLinks()).toEqual([])
  })

  it('say of each term when to use it, when not, and the usual mistake', () => {
    const lacking = entries
      .filter(({ kind }) => kind === 'term')
      .flatMap((entry) =>
        SECTIONS.filter((section) => !headings(entry).includes(section)).map((s) => `${entry.id}: ${s}`),
      )
    expect(lacking).toEqual([])
  })

  it('end each question in what to do here, with its button', () => {
    const questions = entries.filter(({ kind }) => kind === 'question')
    expect(
      questions.filter((entry) => headings(entry).at(-1) !== 'What to do here').map(({ id }) => id),
    ).toEqual([])
    expect(questions.filter(({ open }) => open === undefined).map(({ id }) => id)).toEqual([])
  })

  it('open panes that there are', () => {
    const registry = readFileSync(
      new URL('../../../src/renderer/src/panes/registry.ts', import.meta.url),
      'utf8',
    )
    const panes = new Set([...registry.matchAll(/paths: \['(\/[a-z]+)'/g)].map((match) => match[1]))
    const dead = entries.filter(({ open }) => open && !panes.has(open.path)).map(({ id }) => id)
    expect([panes.size > 3, dead]).toEqual([true, []])
  })

  it('explain a name in one place only', () => {
    const names = entries.flatMap(({ explains }) => explains)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })

  it('typeset every formula without an error mark', () => {
    const tags = (node: MathNode | string): string[] =>
      typeof node === 'string' ? [] : [node.tag, ...node.children.flatMap(tags)]
    for (const { id, formula, symbols } of entries) {
      if (formula) expect(tags(formula), id).not.toContain('merror')
      for (const { symbol } of symbols) expect(tags(symbol)[0], id).toBe('math')
    }
    expect(entries.filter(({ formula }) => formula !== null).length).toBeGreaterThan(70)
  })

  it('give a run.json in the guide that is accepted', () => {
    const code = library.article('guide').body.find((block) => block.kind === 'code')
    expect(checkRunConfig(JSON.parse(code!.text))).toHaveProperty('config.warmup_steps', 500)
  })
})

describe('what needs a term', () => {
  const explained = () => new Set(entries.flatMap(({ explains }) => explains))
  const hint = 'add it under "explains" of an entry in resources/knowledge'

  it('every key of run.json has one', () => {
    const names = explained()
    expect(
      RUN_CONFIG_KEYS.filter((name) => !names.has(name)),
      hint,
    ).toEqual([])
  })
  it('every training argument has one', () => {
    const names = explained()
    expect(
      Object.keys(TRAINING_ARGUMENTS).filter((name) => !names.has(name)),
      hint,
    ).toEqual([])
  })
  it('every setting of the form has one', () => {
    const names = explained()
    expect(
      FORM_FIELDS.map(({ name }) => name).filter((name) => !names.has(name)),
      hint,
    ).toEqual([])
  })
  it('every metric has one', () => {
    const names = explained()
    expect(
      METRICS.map(({ id }) => id).filter((name) => !names.has(name)),
      hint,
    ).toEqual([])
  })
  it('every view of a run’s answers has one', () => {
    const names = explained()
    const terms = Object.values(VIEWS).map(({ term }) => term)
    expect(
      [...terms, 'paired_test'].filter((name) => !names.has(name)),
      hint,
    ).toEqual([])
  })
  it('every optimizer has one', () => {
    const names = explained()
    expect(
      [...OPTIMIZERS.keys()].filter((name) => !names.has(name)),
      hint,
    ).toEqual([])
  })
  it('every sampler and pruner has one', () => {
    const names = explained()
    const types = [...SamplerConfig.options, ...PrunerConfig.options].map(({ shape }) => shape.type.value)
    expect(
      types.filter((name) => !names.has(name)),
      hint,
    ).toEqual([])
  })
  it('every augmenter and every control of a recipe has one', () => {
    const names = explained()
    const controls = [
      ...augmenters.map(({ name }) => name),
      ...['balance', 'copies', 'seed', 'classes', 'protect', 'gate'],
      ...Object.keys(AugmentGates.shape),
      'chance',
      ...Object.keys(ComparisonSettings.shape).filter((name) => name !== 'run'),
    ]
    expect(
      controls.filter((name) => !names.has(name)),
      hint,
    ).toEqual([])
  })
  it('every control with a "?" of its own has one', () => {
    const sources = readdirSync('src/renderer/src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.vue'))
      .map((file) => readFileSync(join('src/renderer/src', file), 'utf8'))
    const asked = sources.flatMap((text) =>
      [...text.matchAll(/byControl\.get\('([^']+)'\)/g)].map((match) => match[1]!),
    )
    const names = explained()
    expect(asked.length).toBeGreaterThan(5)
    expect(
      asked.filter((name) => !names.has(name)),
      hint,
    ).toEqual([])
  })
  it('every schedule has one', () => {
    const names = explained()
    expect(
      [...SCHEDULES.keys()].filter((name) => !names.has(name)),
      hint,
    ).toEqual([])
  })
})
