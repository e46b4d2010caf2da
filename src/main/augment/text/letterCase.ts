/** Writing a word the way another is written. */

/** `text` in the case of `model`: WALKS → STROLLS, Walks → Strolls. */
export function inCaseOf(model: string, text: string): string {
  if (model === model.toLowerCase()) return text
  if (/^.{2,}$/u.test(model) && model === model.toUpperCase()) return text.toUpperCase()
  const [first = ''] = model
  return first === first.toUpperCase() ? capitalize(text) : text
}

export function capitalize(text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length)
}
