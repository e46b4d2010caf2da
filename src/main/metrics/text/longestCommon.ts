/** Longest common subsequences of integer sequences, as rouge_score reads them out of the table. */

/** Table `[(rows + 1) · (columns + 1)]`, row-major: length of the longest common subsequence of every two prefixes. */
function lengthTable(reference: readonly number[], candidate: readonly number[]): Int32Array {
  const width = candidate.length + 1
  const table = new Int32Array((reference.length + 1) * width)
  for (let i = 1; i <= reference.length; i++) {
    const symbol = reference[i - 1]!
    const row = i * width
    for (let j = 1; j < width; j++) {
      const above = table[row - width + j]!
      const before = table[row + j - 1]!
      table[row + j] =
        symbol === candidate[j - 1] ? table[row - width + j - 1]! + 1 : above > before ? above : before
    }
  }
  return table
}

export function longestCommonLength(reference: readonly number[], candidate: readonly number[]): number {
  let above = new Int32Array(candidate.length + 1)
  let row = new Int32Array(candidate.length + 1)
  for (const symbol of reference) {
    let before = 0
    for (let j = 1; j <= candidate.length; j++) {
      const skipped = above[j]!
      const longest = skipped > before ? skipped : before
      before = symbol === candidate[j - 1] ? above[j - 1]! + 1 : longest
      row[j] = before
    }
    ;[above, row] = [row, above]
  }
  return above[candidate.length]!
}

/** Positions in the reference of one longest common subsequence; on a tie the reference is shortened first. */
export function longestCommonPositions(reference: readonly number[], candidate: readonly number[]): number[] {
  const table = lengthTable(reference, candidate)
  const width = candidate.length + 1
  const positions: number[] = []
  let [i, j] = [reference.length, candidate.length]
  while (i > 0 && j > 0) {
    if (reference[i - 1] === candidate[j - 1]) {
      positions.push(i - 1)
      i--
      j--
    } else if (table[i * width + j - 1]! > table[(i - 1) * width + j]!) j--
    else i--
  }
  return positions.reverse()
}
