/** Line icons on a 16 px grid, stroke 1.25, and the state marks on a 12 px grid: a shape each, never colour alone. */
export const ICONS = {
  logo: 'M4.4 1.8v5.3a3.6 3.6 0 0 0 7.2 0V1.8M8 10.7v4',
  data: 'M13.2 3.8c0 1.1-2.3 2-5.2 2s-5.2-.9-5.2-2 2.3-2 5.2-2 5.2.9 5.2 2zM2.8 3.8v8.4c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2V3.8M2.8 8c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2',
  augment: 'M2 4h7M2 8h5M2 12h7M12 8.2v5.6M9.2 11h5.6',
  drag: 'M6 4h.01M6 8h.01M6 12h.01M10 4h.01M10 8h.01M10 12h.01',
  plus: 'M8 3v10M3 8h10',
  tokenize: 'M2 5.5h3.4v5H2zM6.4 5.5h5v5h-5zM12.4 5.5H14v5h-1.6z',
  train: 'M2 2v12h12M4.5 4c1 5.5 3.5 7 9 7.3',
  runs: 'M6 4h8M6 8h8M6 12h8M1.9 4a.8.8 0 1 0 1.6 0 .8.8 0 1 0-1.6 0M1.9 8a.8.8 0 1 0 1.6 0 .8.8 0 1 0-1.6 0M1.9 12a.8.8 0 1 0 1.6 0 .8.8 0 1 0-1.6 0',
  tune: 'M3.5 2v5M3.5 10v4M8 2v2M8 7v7M12.5 2v7M12.5 12v2M2 8.5h3M6.5 5.5h3M11 10.5h3',
  models: 'M8 1.8 13.6 5v6L8 14.2 2.4 11V5zM2.4 5 8 8.2 13.6 5M8 8.2v6',
  learn: 'M8 4c-1.3-1-3.2-1.4-6-1.4v9.8c2.8 0 4.7.4 6 1.4 1.3-1 3.2-1.4 6-1.4V2.6C11.2 2.6 9.3 3 8 4zv9.8',
  search: 'M11.3 7a4.3 4.3 0 1 1-8.6 0 4.3 4.3 0 0 1 8.6 0zM10.3 10.3l3.5 3.5',
  half: 'M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0zM8 2.5v11M8 4h3.6M8 6h5M8 8h5.4M8 10h5M8 12h3.6',
  down: 'm4 6 4 4 4-4',
  up: 'm4 10 4-4 4 4',
  left: 'm10 4-4 4 4 4',
  right: 'm6 4 4 4-4 4',
  close: 'm4 4 8 8M12 4l-8 8',
  folder: 'M1.8 4.2v8.3h12.4V5.6H8L6.6 4.2z',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
} as const
export type IconName = keyof typeof ICONS

export const MARKS = {
  running: 'M6 1.5A4.5 4.5 0 1 1 1.5 6',
  preparing: 'M6 1.5A4.5 4.5 0 1 1 1.5 6',
  completed: 'm2 6.4 2.8 2.8L10 3.4',
  failed: 'm2.5 2.5 7 7M9.5 2.5l-7 7',
  interrupted: 'M6 1.3 11 10.3H1zM6 5v2.2M6 8.8v.1',
  stopped: 'M2.8 2.8h6.4v6.4H2.8z',
  queued: 'M9.8 6a3.8 3.8 0 1 1-7.6 0 3.8 3.8 0 0 1 7.6 0z',
  cancelled: 'M3 3h6v6H3z',
  paused: 'M4 2.5v7M8 2.5v7',
} as const
export type MarkName = keyof typeof MARKS
