/** Which commands a typed query means: every word must occur, starts of words count more, then order of the list. */
export function rank<T>(items: readonly T[], query: string, text: (item: T) => string): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...items]
  return items
    .map((item, at) => ({ item, at, score: score(text(item).toLowerCase(), words) }))
    .filter(({ score: s }) => s > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .map(({ item }) => item)
}

function score(text: string, words: string[]): number {
  let total = 0
  for (const word of words) {
    const at = text.indexOf(word)
    if (at < 0) return 0
    total += at === 0 ? 3 : /\W/.test(text[at - 1]!) ? 2 : 1
  }
  return total
}
