import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FORMER_NAMES, SAME_OPTIMIZER } from '../../../../src/shared/arguments/formerNames'
import { importArguments } from '../../../../src/shared/arguments/importArguments'
import { isHarmless, REFUSED_ARGUMENTS } from '../../../../src/shared/domain/refusedArguments'
import { checkRunConfig } from '../../../../src/shared/domain/runConfig'
import {
  TRAINING_ARGUMENTS,
  type TrainingArgumentName,
} from '../../../../src/shared/domain/trainingArguments'

interface GoldenArgument {
  name: string
  types: string[]
  default: unknown
  choices?: string[]
}
const golden = JSON.parse(
  readFileSync(new URL('../../../golden/arguments/arguments.json', import.meta.url), 'utf8'),
) as { arguments: GoldenArgument[]; former: { name: string; last_seen_in: string }[] }

/** Defaults that are written otherwise and mean the same. */
const SAME_MEANING: Readonly<Record<string, unknown>> = {
  optim: 'adamw_torch', // The fused one is the same update.
  lr_scheduler_kwargs: {}, // None
  output_dir: null, // There a folder trainer_output, here the run's own.
}
/** Of a value the Trainer would take of each type. */
const SAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  int: [1, 7],
  float: [0.5],
  bool: [true, false],
  None: [null],
}
/** Floats that may not be 0.5 in the Trainer either, or mean nothing there. */
const NOT_A_HALF: Readonly<Record<string, number>> = { neftune_noise_alpha: 5 }

const isOurs = (name: string): name is TrainingArgumentName => name in TRAINING_ARGUMENTS
const outcomeOf = (name: string, value: unknown) =>
  importArguments(JSON.stringify({ [name]: value })).report[0]!

function problemsOf(settings: Record<string, unknown>) {
  const checked = checkRunConfig({
    task: 'sequence-classification',
    model: { architecture: 'bert' },
    dataset: { sample: 'semantic-fields' },
    ...settings,
  })
  return 'problems' in checked ? checked.problems : []
}

describe('every argument of TrainingArguments', () => {
  it.each(golden.arguments.map((argument) => [argument.name, argument] as const))(
    '%s is supported with the same default, or its default is all that is taken',
    (name, { default: theirs }) => {
      if (isOurs(name)) {
        expect(name in REFUSED_ARGUMENTS).toBe(false)
        const expected = name in SAME_MEANING ? SAME_MEANING[name] : theirs
        expect(TRAINING_ARGUMENTS[name].default).toEqual(expected)
      } else {
        const refused = REFUSED_ARGUMENTS[name]!
        expect(refused.why).toMatch(/\.$/)
        expect(isHarmless(refused, theirs)).toBe(true)
        expect(problemsOf({ [name]: theirs })).toEqual([])
      }
      const { outcome } = outcomeOf(name, theirs)
      expect(outcome, 'importing the default').not.toBe('refused')
    },
  )

  it.each(
    golden.arguments.filter(({ name }) => isOurs(name)).map(({ name, types }) => [name, types] as const),
  )('%s takes values of the types it has there', (name, types) => {
    const { schema } = TRAINING_ARGUMENTS[name as TrainingArgumentName]
    for (const type of types)
      for (const value of SAMPLES[type] ?? []) {
        // None is the default wherever it is no value of its own; importing says so.
        if (value === null && name === 'lr_scheduler_kwargs') continue
        const given = type === 'float' ? (NOT_A_HALF[name] ?? value) : value
        expect(schema.safeParse(given).success, `${type} ${String(given)}`).toBe(true)
      }
  })

  it.each(
    golden.arguments.flatMap(({ name, choices = [] }) =>
      isOurs(name) && name !== 'optim' ? choices.map((choice) => [name, choice] as const) : [],
    ),
  )('%s takes %s', (name, choice) => {
    expect(outcomeOf(name, choice)).toMatchObject({ outcome: 'kept', set: { [name]: choice } })
  })

  it('has its optimizers, one that computes the same, or says why not', () => {
    const { choices } = golden.arguments.find(({ name }) => name === 'optim')!
    const refused = choices!.filter((name) => outcomeOf('optim', name).outcome === 'refused')
    const taken = choices!.filter((name) => !refused.includes(name))
    expect(taken).toEqual([
      'adamw_torch',
      'adamw_torch_fused',
      'adamw_torch_xla',
      'adamw_torch_npu_fused',
      'adafactor',
      'sgd',
      'lion_32bit',
      'paged_adamw_32bit',
      'paged_lion_32bit',
    ])
    for (const name of refused) {
      const reason = /[48]bit/.test(name) ? '4 or 8 bits' : /galore|apollo/.test(name) ? 'GaLore' : 'no such'
      expect(outcomeOf('optim', name).note).toContain(reason)
      expect(problemsOf({ optim: name })[0]!.message).toContain('choose adamw_torch')
    }
    for (const { name } of Object.values(SAME_OPTIMIZER)) expect(problemsOf({ optim: name })).toEqual([])
  })

  it('refuses what it cannot do with the reason, whether it is imported or written', () => {
    for (const [name, refused] of Object.entries(REFUSED_ARGUMENTS)) {
      expect(
        golden.arguments.map((one) => one.name),
        name,
      ).toContain(name)
      if (refused.harmless === 'any' || name in FORMER_NAMES) continue
      const [problem] = problemsOf({ [name]: 'something else' })
      expect(problem, name).toMatchObject({ code: 'unsupported', where: { field: name } })
      expect(problem!.message).toContain(refused.why)
      const { outcome, note } = outcomeOf(name, 'something else')
      expect([outcome, note]).toEqual([refused.isBesideTraining ? 'dropped' : 'refused', refused.why])
    }
  })
})

describe('every argument that TrainingArguments once had', () => {
  it.each(golden.former.map(({ name, last_seen_in: version }) => [name, version]))(
    '%s (%s) is mapped or left out with the reason',
    (name) => {
      const { outcome, note, set } = outcomeOf(name, true)
      expect(['mapped', 'dropped']).toContain(outcome)
      expect(note).toMatch(/\.$/)
      for (const key of Object.keys(set)) expect(isOurs(key)).toBe(true)
    },
  )
})
