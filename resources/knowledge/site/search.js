// Search of the static site: all words must occur; names count more than text. ENTRIES stands above.
const query = document.getElementById('query')
const found = document.getElementById('found')

query.addEventListener('input', () => {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean)
  const hits = words.length === 0 ? [] : ENTRIES.map((entry) => [score(entry, words), entry])
  found.replaceChildren(
    ...hits
      .filter(([points]) => points > 0)
      .sort(([a], [b]) => b - a)
      .slice(0, 20)
      .map(([, entry]) => item(entry)),
  )
})

function score(entry, words) {
  let points = 0
  for (const word of words) {
    const here = entry.names.includes(word) ? 3 : entry.short.toLowerCase().includes(word) ? 1 : 0
    if (here === 0) return 0
    points += here + (entry.names.startsWith(word) ? 2 : 0)
  }
  return points
}

function item(entry) {
  const link = document.createElement('a')
  link.href = entry.href
  link.textContent = entry.title
  const line = document.createElement('li')
  line.append(link, ` ${entry.short}`)
  return line
}
