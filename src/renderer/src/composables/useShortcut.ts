/** Keys for the whole window. `mod` is Ctrl, or Cmd on a Mac. Plain keys are left alone while somebody types. */
import { onScopeDispose } from 'vue'

const isMac = navigator.userAgent.includes('Mac')

const TEXT_ENTRY = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]'

interface Shortcut {
  key: string
  mod?: boolean
  shift?: boolean
}

export function useShortcut(shortcut: Shortcut, action: (event: KeyboardEvent) => void): void {
  function onKey(event: KeyboardEvent): void {
    const mod = isMac ? event.metaKey : event.ctrlKey
    if (event.key.toLowerCase() !== shortcut.key.toLowerCase()) return
    if (mod !== (shortcut.mod ?? false) || event.altKey) return
    if (shortcut.shift && !event.shiftKey) return
    if (!shortcut.mod && (isTyping(event.target) || document.querySelector('[role="dialog"]'))) return
    event.preventDefault()
    action(event)
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(TEXT_ENTRY) !== null
}

/** As shown on a button: "Ctrl K", "⌘ K". */
export function shortcutText(shortcut: Shortcut): string {
  const key =
    shortcut.key === 'Enter' ? '↵' : shortcut.key.length === 1 ? shortcut.key.toUpperCase() : shortcut.key
  return shortcut.mod ? `${isMac ? '⌘' : 'Ctrl'} ${key}` : key
}
