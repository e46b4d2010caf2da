/** The models that a recipe names, opened when first asked for. */
import { invariant } from '../../../shared/errors'
import type { Models, Writer } from '../../augment/models'
import { openClassifier } from './classifier'
import { openEmbedder } from './embedder'
import { openMaskedModel } from './maskedModel'
import { openWriter } from './writer'

/** @param folders of each model by the name the recipe gives it */
export function modelsIn(folders: Readonly<Record<string, string>>, signal: AbortSignal): Models {
  const folderOf = (reference: string) => {
    const folder = folders[reference]
    invariant(folder !== undefined, `the folder of ${reference} is known`)
    return folder
  }
  // One model may translate both ways.
  const writers = new Map<string, Promise<Writer>>()
  return {
    maskedLm: (reference, isWord) => openMaskedModel(folderOf(reference), isWord, signal),
    classifier: (reference) => openClassifier(folderOf(reference), signal),
    embedder: (reference) => openEmbedder(folderOf(reference), signal),
    writer(reference) {
      const folder = folderOf(reference)
      const writer = writers.get(folder) ?? openWriter(folder, signal)
      writers.set(folder, writer)
      return writer
    },
  }
}
