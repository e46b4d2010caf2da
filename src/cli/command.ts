/** What a command is, and what it is given to work with. */
import type { Services } from '../main/services/create'
import type { Arguments, OptionSpec } from './arguments'
import type { Output } from './output'

export interface CommandContext {
  readonly args: Arguments
  readonly out: Output
  readonly cwd: string
  /** Opens the data folder on first use. */
  readonly services: () => Services
  /** Calls the listener at Ctrl-C; a second one ends the command at once. */
  readonly onInterrupt: (listener: () => void) => void
}

export interface Command {
  /** Words that call it, as ['bundle', 'export']. */
  path: readonly string[]
  /** Its arguments by position, as they are shown: `RUN`, `[FILE]`. */
  positionals: readonly string[]
  summary: string
  options: readonly OptionSpec[]
  /** @returns the exit code */
  run(context: CommandContext): number | Promise<number>
}

export const EXIT = { done: 0, failed: 1, badInput: 2, cancelled: 130 } as const
