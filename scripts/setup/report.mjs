// What the set-up prints: one line a step that had something to do, with its time.

/** @param {number} elapsedMs */
export function formatSeconds(elapsedMs) {
  const seconds = elapsedMs / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/** @param {NodeJS.WritableStream} stream */
export function createReport(stream) {
  const say = (/** @type {string} */ line) => void stream.write(`${line}\n`)
  return {
    say,
    /** @param {string} note what a long step is about to do */
    note: (note) => say(`  … ${note}`),
    /**
     * @param {string} name
     * @param {string} outcome
     * @param {number} elapsedMs
     */
    done: (name, outcome, elapsedMs) => say(`  ✓ ${name}: ${outcome} (${formatSeconds(elapsedMs)})`),
  }
}

/** @typedef {ReturnType<typeof createReport>} Report */
