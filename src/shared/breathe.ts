/** Lets other work of this thread in between the steps of a long computation. */
import { cancelled } from './errors'

let lastBreathMs = 0
const LONGEST_HOLD_MS = 20

/**
 * Call it often: it yields to the event loop only if 20 ms have passed since it last did.
 * @throws UserError('cancelled') if the signal is aborted.
 */
export async function breathe(signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) throw cancelled()
  const now = performance.now()
  if (now - lastBreathMs < LONGEST_HOLD_MS) return
  await new Promise<void>((resolve) => setTimeout(resolve, 0))
  lastBreathMs = performance.now()
  if (signal?.aborted) throw cancelled()
}
