/** Chunks of text → lines, in time linear in their length however long a line is. */

/** Line ends are \n, \r\n and \r; the text after the last one is a line if it is not empty. */
export async function* splitLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = []
  let endedInReturn = false
  for await (const chunk of chunks) {
    let start = endedInReturn && chunk.startsWith('\n') ? 1 : 0
    for (let i = start; i < chunk.length; i++) {
      const c = chunk.charCodeAt(i)
      if (c !== 10 && c !== 13) continue
      parts.push(chunk.slice(start, i))
      yield parts.length === 1 ? parts[0]! : parts.join('')
      parts = []
      if (c === 13 && chunk.charCodeAt(i + 1) === 10) i++
      start = i + 1
    }
    endedInReturn = chunk.endsWith('\r')
    if (start < chunk.length) parts.push(chunk.slice(start))
  }
  const last = parts.join('')
  if (last !== '') yield last
}
