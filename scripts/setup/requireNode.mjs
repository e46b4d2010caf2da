// Imported first by every script: an older Node gets a sentence instead of a syntax error or a crash.
export const lowestNode = [20, 19]

/**
 * @param {string} version as in process.versions.node
 * @returns {string | undefined} what is wrong with this Node, if anything
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [lowestMajor = 0, lowestMinor = 0] = lowestNode
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return undefined
  return (
    `Tunesmith needs Node ${lowestNode.join('.')} or newer and this is Node ${version}. ` +
    'Install a current Node (https://nodejs.org), then run the same command again.'
  )
}

const problem = nodeProblem(process.versions.node)
if (problem) {
  process.stderr.write(`${problem}\n`)
  process.exit(1)
}
