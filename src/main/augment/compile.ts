/** A recipe made ready to run: names looked up, parameters checked with the place of each fault, resources opened. */
import { z } from 'zod'
import { AugmentRecipe } from '../../shared/domain/augmentation'
import { UserError } from '../../shared/errors'
import { nearestName } from '../../shared/nearest'
import type { Augmenter, Prepared, Resources, RowKind } from './augmenter'
import type { Corpus } from './corpus'
import { ModelGates } from './modelGates'
import type { Models } from './models'
import { augmenterNamed } from './registry'
import { protection } from './text/parse'
import { WordNet } from './wordnet/database'

export interface CompiledStep {
  /** Place in the recipe, switched-off steps counted: random numbers depend on it. */
  place: number
  augmenter: string
  chance: number
  apply: Prepared
}

/** Copies made side by side where no step asks for fewer. */
const COPIES_TOGETHER = 128

export interface CompiledRecipe {
  recipe: AugmentRecipe
  steps: readonly CompiledStep[]
  gates: ModelGates
  /** Copies made side by side. */
  atOnce: number
  protection: Resources['protection']
}

/** Reads a recipe as written by a person. @throws UserError `bad-config` naming the field and what it may be */
export function parseRecipe(value: unknown): AugmentRecipe {
  const recipe = checked(AugmentRecipe, value, '')
  recipe.steps.forEach((step, i) => {
    const augmenter = augmenterNamed(step.augmenter, `steps.${i}.augmenter`)
    checked(augmenter.parameters, step.parameters, `steps.${i}.parameters`)
  })
  protection(recipe.protect.words, recipe.protect.patterns)
  return recipe
}

let wordnet: Promise<WordNet> | null = null

/** @throws UserError where a step does not suit the rows, or lacks something */
export async function compileRecipe(
  recipe: AugmentRecipe,
  corpus: Corpus,
  rows: RowKind,
  models: Models,
): Promise<CompiledRecipe> {
  const gates = await ModelGates.open(recipe.gates, corpus, models)
  const resources: Resources = {
    gates,
    wordnet: () => (wordnet ??= WordNet.open()),
    corpus,
    models,
    protection: protection(recipe.protect.words, recipe.protect.patterns),
  }
  const steps: CompiledStep[] = []
  for (const [place, { augmenter: name, parameters, chance, enabled }] of recipe.steps.entries()) {
    if (!enabled) continue
    const augmenter = augmenterNamed(name, `steps.${place}.augmenter`)
    refuseUnsuited(augmenter, rows, place)
    const known = checked(augmenter.parameters, parameters, `steps.${place}.parameters`)
    steps.push({ place, augmenter: name, chance, apply: await prepared(augmenter, known, resources, place) })
  }
  if (steps.length === 0)
    throw new UserError('bad-config', 'Every step of the recipe is switched off.', {
      where: { field: 'steps' },
      hint: 'Switch one on.',
    })
  const limits = steps.map(({ apply }) => (typeof apply === 'function' ? COPIES_TOGETHER : apply.atOnce))
  return { recipe, steps, gates, atOnce: Math.min(...limits), protection: resources.protection }
}

/** What it lacks is said at its step. */
async function prepared(
  augmenter: Augmenter,
  parameters: Record<string, unknown>,
  resources: Resources,
  place: number,
): Promise<Prepared> {
  try {
    return await augmenter.prepare(parameters, resources)
  } catch (error) {
    if (!(error instanceof UserError) || error.where?.field !== undefined) throw error
    throw UserError.from({ ...error.toData(), where: { ...error.where, field: `steps.${place}` } })
  }
}

const KINDS: Readonly<Record<RowKind, string>> = {
  text: 'single texts',
  pair: 'pairs of texts',
  tagged: 'tokens with tags',
}

function refuseUnsuited({ title, rows }: Augmenter, kind: RowKind, place: number): void {
  if (rows.includes(kind)) return
  throw new UserError(
    'bad-config',
    `${title} works on ${rows.map((one) => KINDS[one]).join(' and ')}; these rows are ${KINDS[kind]}.`,
    {
      where: { field: `steps.${place}.augmenter` },
      hint: 'Switch this step off or take another.',
    },
  )
}

function checked<S extends z.ZodType>(schema: S, value: unknown, prefix: string): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const at = [prefix, ...issue.path.map(String)].filter((part) => part !== '')
  if (issue.code === 'unrecognized_keys' && schema instanceof z.ZodObject) {
    const [key = ''] = issue.keys
    const known = issue.path.length === 0 ? Object.keys(schema.shape) : []
    const near = nearestName(key, known)
    throw new UserError('bad-config', `The recipe has no setting ${key} here.`, {
      where: { field: [...at, key].join('.') },
      ...(near !== undefined
        ? { hint: `Did you mean ${near}?` }
        : known.length > 0 && { hint: `There are ${known.join(', ')}.` }),
    })
  }
  const field = at.join('.')
  throw new UserError('bad-config', saying(issue), {
    ...(field !== '' && { where: { field } }),
    ...(field === '' && { hint: 'A recipe is a JSON object with a list "steps".' }),
  })
}

/** An issue as a person reads it beside the field; of a number: its limits. */
function saying(issue: z.core.$ZodIssue): string {
  const isNumber = 'origin' in issue && ['number', 'int'].includes(String(issue.origin))
  if (isNumber && issue.code === 'too_big') return `Must be at most ${issue.maximum}.`
  if (isNumber && issue.code === 'too_small') return `Must be at least ${issue.minimum}.`
  return `${issue.message}.`.replace(/\.\.$/, '.')
}
