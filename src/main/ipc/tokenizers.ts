import type { tokenizers as contract } from '../../shared/ipc/tokenizers'
import type { Handlers } from '../../shared/ipc/define'
import type { Services } from '../services/create'
import type { Desktop } from './desktop'

export function tokenizerHandlers({ tokenizers }: Services, desktop: Desktop): Handlers<typeof contract> {
  return {
    list: () => tokenizers.list(),
    addFolder: ({ path }) => tokenizers.addFolder(path),
    chooseFolder: () => desktop.chooseFolder(),
    train: ({ version, column, name, options }) => tokenizers.train(version, column, name, options).id,
    rename({ tokenizer, name }) {
      tokenizers.rename(tokenizer, name)
      return null
    },
    async delete({ tokenizer }) {
      await tokenizers.delete(tokenizer)
      return null
    },
    tokenize: ({ tokenizer, lines, addSpecialTokens, stepsOf }) =>
      tokenizers.tokenize(tokenizer, lines, addSpecialTokens, stepsOf),
    statistics: ({ tokenizer, version, column, maxLength }) =>
      tokenizers.statistics(tokenizer, version, column, maxLength),
  }
}
