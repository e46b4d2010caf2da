/** Puts a pane's actions into the command palette while the pane is on screen. */
import { onScopeDispose } from 'vue'
import { usePalette, type Command } from '../stores/palette'

export function useCommands(commands: () => Command[]): void {
  onScopeDispose(usePalette().add(commands))
}
