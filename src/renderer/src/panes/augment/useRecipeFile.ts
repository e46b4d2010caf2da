/** The recipe as a file, as `tunesmith augment --recipe` takes it. */
import { UserError } from '../../../../shared/errors'
import { useAction, type Action } from '../../composables/useAction'
import { useAugment } from '../../stores/augment'

export function useRecipeFile(): { open: Action<[File]>; save: () => void } {
  const store = useAugment()

  const open = useAction(async (chosen: File) => {
    await store.take(recipeIn(chosen.name, await chosen.text()))
  })

  function save(): void {
    const text = `${JSON.stringify(store.recipe, null, 2)}\n`
    const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    const link = Object.assign(document.createElement('a'), {
      href: url,
      download: `${store.draft.name}.json`,
    })
    link.click()
    URL.revokeObjectURL(url)
  }

  return { open, save }
}

/** @throws UserError `bad-input` */
function recipeIn(file: string, text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new UserError('bad-input', 'The recipe is not JSON.', {
      where: { file },
      hint: cause instanceof Error ? `${cause.message}.` : 'Check commas and quotes.',
      cause,
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UserError('bad-input', 'A recipe is a JSON object with a list "steps".', { where: { file } })
  return value as Record<string, unknown>
}
