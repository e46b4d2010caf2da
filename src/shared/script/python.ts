/** Values as Python writes them. */

/** A literal: `null` is None. Texts are written as JSON writes them, which Python reads alike. */
export function literal(value: unknown): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, item]) => `${literal(key)}: ${literal(item)}`)
      .join(', ')}}`
  return JSON.stringify(value)
}

/** `name(first, second)`, an argument a line. */
export function call(name: string, args: readonly string[]): string {
  return `${name}(\n${args.map((arg) => `    ${arg},\n`).join('')})`
}

/** Import lines, modules in order; a module without names is imported as it is. */
export function importLines(names: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(names)
    .map(([module, members]) => {
      if (members.length === 0) return `import ${module}`
      const sorted = [...members].sort()
      const line = `from ${module} import ${sorted.join(', ')}`
      return line.length <= 100 ? line : call(`from ${module} import `, sorted)
    })
    .join('\n')
}
