/** What to show for anything thrown: the words of a UserError, or that the mistake is ours. */
import { UserError, type UserErrorData } from '../../../shared/errors'

export function errorData(error: unknown): UserErrorData {
  if (error instanceof UserError) return error.toData()
  return {
    code: 'unsupported',
    message: `Internal error: ${error instanceof Error ? error.message : String(error)}.`,
    hint: 'This is a mistake of the studio. The log file has the details.',
  }
}
