/**
 * Low-rank adaptation (Hu et al. 2021) as PEFT has it: beside a frozen linear layer, y + (alpha/r)·dropout(x)·Aᵀ·Bᵀ with
 * A [r,in] and B [out,r]. B starts at zero, so that an untrained adapter changes nothing.
 */
import type { LoraSettings } from '../../../shared/domain/transfer'
import { UserError } from '../../../shared/errors'
import { type Adapter, dropout, type Forward } from '../nn/layer'
import type { Value } from '../ir/graph'
import type { ParameterSpec } from '../nn/parameter'
import { linear } from '../ops/linalg'
import type { TaskModel } from './architecture'

/** Modules that PEFT trains whole for classifiers (SEQ_CLS, TOKEN_CLS). */
const HEAD_MODULES = ['classifier', 'score']
/** Where target_modules is left out: the projections of queries and values by the names families give them. */
const USUAL_TARGETS = ['query', 'value', 'q_lin', 'v_lin']
const A = '.lora_A.weight'
const B = '.lora_B.weight'

interface Target {
  readonly module: string
  readonly a: ParameterSpec
  readonly b: ParameterSpec
}

export class Lora implements Adapter {
  readonly #targets: ReadonlyMap<string, Target>
  readonly #whole: readonly string[]
  /** alpha/r, or alpha/√r. */
  readonly scaling: number

  /** @throws UserError `bad-config` where target_modules names nothing. */
  constructor(
    readonly settings: LoraSettings,
    model: TaskModel,
    /** Parameters that the weights' folder lacks: drawn at random, they must train and be saved. */
    fresh: readonly string[] = [],
  ) {
    const { r, lora_alpha, use_rslora } = settings
    this.scaling = lora_alpha / (use_rslora ? Math.sqrt(r) : r)
    const names = model.parameters.map(({ name }) => name)
    const wanted = settings.modules_to_save ?? HEAD_MODULES
    const lacking = fresh.map((name) => name.slice(0, name.lastIndexOf('.')))
    this.#whole = [...new Set([...wanted, ...lacking])].filter((module) =>
      names.some((name) => isBelow(name, module)),
    )
    const linears = model.parameters.filter(isLinearWeight)
    const modules = linears.map((spec) => spec.name.slice(0, -'.weight'.length))
    const isTarget = targetTest(settings, (module) => this.#isWhole(module))
    const chosen = linears.flatMap((spec, i) =>
      isTarget(modules[i]!) && !this.#isWhole(modules[i]!)
        ? [[modules[i]!, target(modules[i]!, spec.shape, r)] as const]
        : [],
    )
    if (chosen.length === 0)
      throw new UserError(
        'bad-config',
        `No linear layer of this model is called ${describe(settings.target_modules)}.`,
        {
          where: { field: 'adapter.target_modules' },
          hint: `There are ${[...new Set(modules.map((module) => module.split('.').at(-1)!))].join(', ')}; all-linear takes every one.`,
        },
      )
    this.#targets = new Map(chosen)
  }

  get modules(): readonly string[] {
    return [...this.#targets.keys()]
  }

  get parameters(): readonly ParameterSpec[] {
    return [...this.#targets.values()].flatMap(({ a, b }) => [a, b])
  }

  /** Whether a parameter trains: an update's, or one of a module that trains whole. */
  isTrained(name: string): boolean {
    return this.isUpdate(name) || this.#isWhole(name)
  }

  /** Whether it is one of the two factors of an update. */
  isUpdate(name: string): boolean {
    return name.endsWith(A) || name.endsWith(B)
  }

  add(forward: Forward, module: string, x: Value, y: Value): Value {
    const found = this.#targets.get(module)
    if (!found) return y
    const { graph } = forward
    const kept = dropout(forward, `${module}.lora_dropout`, x, this.settings.lora_dropout)
    const inner = linear(kept, graph.param(found.a.name, found.a.shape), undefined, { transW: true })
    return linear(inner, graph.param(found.b.name, found.b.shape), y, {
      transW: true,
      alpha: this.scaling,
    })
  }

  /** W + scaling·B·A of a targeted weight; the weight itself where it is no target. */
  merged(name: string, values: (name: string) => Float32Array): Float32Array {
    const found = this.#targets.get(name.replace(/\.weight$/, ''))
    const weight = values(name)
    if (!found || !name.endsWith('.weight')) return weight
    const [down, up] = [values(found.a.name), values(found.b.name)]
    const [rank, inWidth] = found.a.shape as [number, number]
    const outWidth = found.b.shape[0]!
    const result = new Float32Array(weight.length)
    const row = new Float64Array(inWidth)
    for (let o = 0; o < outWidth; o++) {
      row.fill(0)
      for (let k = 0; k < rank; k++) {
        const factor = up[o * rank + k]! * this.scaling
        for (let i = 0; i < inWidth; i++) row[i]! += factor * down[k * inWidth + i]!
      }
      for (let i = 0; i < inWidth; i++) result[o * inWidth + i] = weight[o * inWidth + i]! + row[i]!
    }
    return result
  }

  /** What adapter_config.json says: null and all-linear spelled out. */
  get saved(): LoraSettings {
    const { target_modules } = this.settings
    const isSpelled = target_modules !== null && target_modules !== 'all-linear'
    return {
      ...this.settings,
      target_modules: isSpelled ? target_modules : [...this.modules],
      modules_to_save: [...this.#whole],
    }
  }

  /** Whether it lies in a module that trains beside the updates and is saved with them. */
  #isWhole(name: string): boolean {
    return this.#whole.some((module) => isBelow(name, module))
  }
}

/** The model with the adapter's updates in its layers, and their parameters beside its own. */
export function withLora(model: TaskModel, lora: Lora): TaskModel {
  return { ...model, adapter: lora, parameters: [...model.parameters, ...lora.parameters] }
}

function isBelow(name: string, module: string): boolean {
  return `.${name}.`.includes(`.${module}.`)
}

function isLinearWeight({ name, shape, gradient }: ParameterSpec): boolean {
  return name.endsWith('.weight') && shape.length === 2 && gradient === 'dense' && !/embeddings?\./.test(name)
}

function target(module: string, [outWidth, inWidth]: readonly number[], r: number): Target {
  return {
    module,
    // Kaiming uniform with a = √5, as torch's Linear.
    a: {
      name: module + A,
      shape: [r, inWidth!],
      initializer: { kind: 'uniform', bound: 1 / Math.sqrt(inWidth!) },
      gradient: 'dense',
    },
    b: { name: module + B, shape: [outWidth!, r], initializer: { kind: 'zeros' }, gradient: 'dense' },
  }
}

/** As PEFT: a list holds names or their ends; a word is all-linear or a regular expression for the whole name. */
function targetTest(
  { target_modules: wanted }: LoraSettings,
  isWhole: (module: string) => boolean,
): (module: string) => boolean {
  if (wanted === 'all-linear') return (module) => !isWhole(module)
  if (typeof wanted === 'string') {
    let pattern: RegExp
    try {
      pattern = new RegExp(`^(?:${wanted})$`)
    } catch {
      throw new UserError('bad-config', `target_modules is no regular expression: ${wanted}`, {
        where: { field: 'adapter.target_modules' },
        hint: 'Give a list of module names, or all-linear.',
      })
    }
    return (module) => pattern.test(module)
  }
  const names = wanted ?? USUAL_TARGETS
  return (module) => names.some((name) => module === name || module.endsWith(`.${name}`))
}

function describe(wanted: LoraSettings['target_modules']): string {
  return [wanted ?? USUAL_TARGETS].flat().join(', ')
}
