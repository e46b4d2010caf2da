/** Whether a bundle is what was exported: checksums, layout, and every file's answers compared once more. */
import type { VerifyReport } from '../../../shared/domain/bundle'
import { UserError, describeError } from '../../../shared/errors'
import { loadTokenizer } from '../tokenize/load'
import { bundleParity, type ParityHooks } from './bundleParity'
import { checkFiles } from './checksums'
import { madeUpRows } from './exportBundle'
import { ONNX_FILE, QUANTIZED_FILE, TOKENIZER_FILE, WEIGHTS_FILE } from './files'

const NEEDED = [
  'config.json',
  WEIGHTS_FILE,
  TOKENIZER_FILE,
  'tokenizer_config.json',
  ONNX_FILE,
  QUANTIZED_FILE,
]

/**
 * Nothing of a bundle is loaded before its checksums are right. The rows compared are made up from the vocabulary: a
 * bundle carries none of the user's.
 * @throws UserError where the folder is no bundle
 */
export async function verifyBundle(dir: string, hooks: ParityHooks = {}): Promise<VerifyReport> {
  const { files, problems } = await checkFiles(dir)
  for (const name of NEEDED)
    if (!files.some((file) => file.name === name) && !problems.some((problem) => problem.startsWith(name)))
      problems.push(`${name} is missing.`)
  const report: VerifyReport = { path: dir, files, parity: [], passed: false, problems }
  if (problems.length > 0) return report
  try {
    report.parity = await bundleParity(dir, madeUpRows(await loadTokenizer(dir)), null, hooks)
    for (const { file, passed, note } of report.parity)
      if (!passed) problems.push(`${file}: ${note ?? 'its answers differ.'}`)
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'cancelled') throw error
    problems.push(describeError(error.toData()))
  }
  return { ...report, passed: problems.length === 0 }
}
