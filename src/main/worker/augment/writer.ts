/** A translation or text-to-text model as augmenters ask it, run by the engine. */
import type { Writer } from '../../augment/models'
import { Seq2SeqModel } from '../../engine/seq2seq/model'

/** @throws UserError naming the file of the folder that is missing or damaged */
export async function openWriter(dir: string, signal: AbortSignal): Promise<Writer> {
  const model = await Seq2SeqModel.open(dir)
  return {
    write: (texts, { maxTokens, ...how }, draws) =>
      model.write(
        texts,
        { ...how, maxLength: maxTokens },
        draws.map((draw) => () => draw.next()),
        () => signal.throwIfAborted(),
      ),
  }
}
