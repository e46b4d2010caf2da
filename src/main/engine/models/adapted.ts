/** A model opened with an adapter: trained beside its frozen weights, or merged into them. */
import type { LoraSettings } from '../../../shared/domain/transfer'
import { UserError } from '../../../shared/errors'
import type { AdapterFolder } from '../checkpoint/adapterFolder'
import { initialize } from '../nn/initialize'
import { elements } from '../nn/parameter'
import { Lora, withLora } from './lora'
import type { OpenModel } from './open'

/** With a new adapter, or the one of a folder, which then must be as `settings` say. */
export function besideWeights(
  base: OpenModel,
  settings: LoraSettings,
  saved: AdapterFolder | undefined,
): OpenModel {
  // Where nothing is stored at all, nothing is lacking.
  const lacking = base.weightsDir === undefined ? [] : base.fresh
  const lora = new Lora(settings, base.model, lacking)
  if (saved) requireSame(lora, new Lora(saved.settings, base.model, lacking))
  const model = withLora(base.model, lora)
  const stored = model.parameters.filter(({ name }) => lora.isTrained(name))
  return {
    ...base,
    model,
    lora,
    async fill(target, seed) {
      const notes = await base.fill(target, seed)
      if (saved) await saved.read(stored, target)
      else for (const spec of lora.parameters) initialize(spec, target(spec.name), seed)
      return saved ? [] : notes
    },
  }
}

/** With the adapter's updates added to the weights: a model like any other. */
export function mergedInto(base: OpenModel, saved: AdapterFolder): OpenModel {
  const lora = new Lora(saved.settings, base.model)
  const whole = base.model.parameters.filter(({ name }) => lora.isTrained(name))
  return {
    ...base,
    async fill(target, seed) {
      const notes = await base.fill(target, seed)
      const updates = new Map(lora.parameters.map((spec) => [spec.name, new Float32Array(elements(spec))]))
      await saved.read([...lora.parameters, ...whole], (name) => updates.get(name) ?? target(name))
      for (const module of lora.modules) {
        const name = `${module}.weight`
        target(name).set(lora.merged(name, (wanted) => updates.get(wanted) ?? target(wanted)))
      }
      return base.fresh.every((name) => lora.isTrained(name)) ? [] : notes
    },
  }
}

function requireSame(asked: Lora, saved: Lora): void {
  if (
    asked.settings.r === saved.settings.r &&
    asked.scaling === saved.scaling &&
    asked.modules.join() === saved.modules.join()
  )
    return
  throw new UserError('conflict', 'The model folder holds an adapter of other settings.', {
    where: { field: 'adapter' },
    hint: `Its r is ${saved.settings.r}, its scaling ${saved.scaling}, for ${saved.modules.length} modules. Use those, or start from the base model.`,
  })
}
