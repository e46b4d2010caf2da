/** Design tokens as the resolved colours a canvas needs. */
export type TokenReader = (token: string) => string

/** Reads through a probe element, so that light-dark() and var() are resolved whatever the token's type. */
export function tokenReader(host: HTMLElement): TokenReader {
  const seen = new Map<string, string>()
  return (token) => {
    const known = seen.get(token)
    if (known !== undefined) return known
    const probe = document.createElement('span')
    probe.style.color = `var(${token})`
    host.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    seen.set(token, color)
    return color
  }
}

/** The same colour, fainter: `rgb(1, 2, 3)` → `rgba(1, 2, 3, 0.3)`. */
export function faint(color: string, alpha: number): string {
  const numbers = color.match(/[\d.]+/g)
  return numbers ? `rgba(${numbers.slice(0, 3).join(', ')}, ${alpha})` : color
}
