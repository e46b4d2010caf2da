/** The views of a run's answers, and the control by which the knowledge base explains each. */
export const VIEWS = {
  rows: { label: 'Rows', term: 'examples' },
  classes: { label: 'Classes', term: 'f1' },
  confusion: { label: 'Confusions', term: 'confusion_matrix' },
  calibration: { label: 'Calibration', term: 'ece' },
  groups: { label: 'Groups', term: 'example_groups' },
} as const
export type View = keyof typeof VIEWS
