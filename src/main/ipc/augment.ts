import type { augment as contract } from '../../shared/ipc/augment'
import type { Handlers } from '../../shared/ipc/define'
import type { Services } from '../services/create'

export function augmentHandlers({ augment }: Services): Handlers<typeof contract> {
  return {
    catalog: () => augment.catalog(),
    check: ({ recipe }) => augment.check(recipe),
    preview: ({ version, recipe, rows, turn }) => augment.preview(version, augment.check(recipe), rows, turn),
    apply: ({ version, recipe }) => augment.apply(version, augment.check(recipe)).id,
    compare: ({ version, recipe, settings }) => augment.compare(version, augment.check(recipe), settings).id,
  }
}
