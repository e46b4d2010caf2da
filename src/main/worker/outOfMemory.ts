/** What the parts of the engine throw where memory runs out: V8, WebAssembly, and onnxruntime's C++. */
import { UserError } from '../../shared/errors'

const SIGNS =
  /bad_alloc|bad allocation|failed to allocate memory|array buffer allocation failed|could not allocate memory|out of memory/i

/** Null for any other error. */
export function outOfMemory(error: unknown): UserError | null {
  if (!(error instanceof Error) || !SIGNS.test(error.message)) return null
  return new UserError('out-of-memory', 'The memory of this machine does not hold this.', {
    hint: 'Close other programs or take a smaller model.',
    cause: error,
  })
}
