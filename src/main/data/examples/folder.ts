/** Where answers lie: a folder of the run, a file an evaluation. */
import { join } from 'node:path'

export const EXAMPLES_FILE = /^step-(\d+)\.sqlite$/

export function examplesFolder(runDir: string): string {
  return join(runDir, 'examples')
}

export function examplesFile(folder: string, step: number): string {
  return join(folder, `step-${step}.sqlite`)
}
