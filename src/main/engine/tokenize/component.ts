/** Building a part of tokenizer.json from its `type`, or saying which part is not known. */
import { UserError } from '../../../shared/errors'
import { nearestName } from '../../../shared/nearest'

/** @throws UserError('unsupported') for an unknown type, 'bad-input' for ill-typed options. */
export function buildComponent<T>(
  kind: string,
  builders: Readonly<Record<string, (json: unknown) => T>>,
  json: unknown,
): T {
  const type = typeof json === 'object' && json !== null && 'type' in json ? json.type : undefined
  if (typeof type !== 'string') throw new UserError('bad-input', `The tokenizer's ${kind} has no type.`)
  const build = Object.hasOwn(builders, type) ? builders[type] : undefined
  if (!build) {
    const known = Object.keys(builders)
    const near = nearestName(type, known)
    throw new UserError('unsupported', `The tokenizer uses the ${kind} "${type}", which is not supported.`, {
      where: { field: kind },
      hint: near ? `Did it mean ${near}?` : `Supported: ${known.join(', ')}.`,
    })
  }
  try {
    return build(json)
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError('bad-input', `The options of the tokenizer's ${kind} "${type}" are not valid.`, {
      where: { field: kind },
      hint: cause instanceof Error ? cause.message : String(cause),
      cause,
    })
  }
}
