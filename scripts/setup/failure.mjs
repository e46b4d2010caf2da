// A set-up that cannot go on: one sentence of what is wrong and one of what to do next.

export class SetupFailure extends Error {
  /**
   * @param {string} message what is wrong, without a full stop at the end
   * @param {string} nextStep what the person does now
   */
  constructor(message, nextStep) {
    super(message)
    this.name = 'SetupFailure'
    this.nextStep = nextStep
  }
}

const byCode = new Map([
  ['ENOSPC', ['The disk is full', 'Free about 2 GB, then run the same command again.']],
  ['EDQUOT', ['The disk quota is used up', 'Free about 2 GB, then run the same command again.']],
  ['ENOTDIR', ['A file lies where a folder is needed', 'Move it away, then run the same command again.']],
  ['EROFS', ['The folder is on a read-only disk', 'Clone into a folder you can write to.']],
  ['EACCES', ['A file or folder may not be written', 'Give yourself write access to it, then run again.']],
  ['EPERM', ['A file or folder may not be written', 'Give yourself write access to it, then run again.']],
])

/**
 * The failure that a raw system error stands for; an error that no table row explains stays as it is.
 * @param {unknown} error
 * @returns {unknown}
 */
export function explainSystemError(error) {
  if (error instanceof SetupFailure || !(error instanceof Error)) return error
  const { code, path } = /** @type {NodeJS.ErrnoException} */ (error)
  const known = byCode.get(code ?? '')
  if (!known) return error
  const [what = '', nextStep = ''] = known
  return new SetupFailure(path ? `${what} (${path})` : what, nextStep)
}
