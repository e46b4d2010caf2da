/** The panes of the rail. To add one: its folder with Pane.vue, and one entry here. */
import type { Component } from 'vue'
import type { IconName } from '../components/base/icons'

export interface Pane {
  id: string
  label: string
  icon: IconName
  /** First the pane's home, then its deep links. */
  paths: [string, ...string[]]
  component: () => Promise<Component>
}

export const PANES: readonly Pane[] = [
  {
    id: 'data',
    label: 'Data',
    icon: 'data',
    paths: ['/data', '/data/jobs/:job', '/data/:version'],
    component: () => import('./data/Pane.vue'),
  },
  {
    id: 'augment',
    label: 'Augment',
    icon: 'augment',
    paths: ['/augment', '/augment/:version'],
    component: () => import('./augment/Pane.vue'),
  },
  {
    id: 'tokenize',
    label: 'Tokenize',
    icon: 'tokenize',
    paths: ['/tokenize'],
    component: () => import('./tokenize/Pane.vue'),
  },
  {
    id: 'train',
    label: 'Train',
    icon: 'train',
    paths: ['/train', '/train/:run'],
    component: () => import('./train/Pane.vue'),
  },
  {
    id: 'runs',
    label: 'Runs',
    icon: 'runs',
    paths: ['/runs', '/runs/compare/:runs', '/runs/:run'],
    component: () => import('./runs/Pane.vue'),
  },
  {
    id: 'tune',
    label: 'Tune',
    icon: 'tune',
    paths: ['/tune', '/tune/:study'],
    component: () => import('./tune/Pane.vue'),
  },
  {
    id: 'models',
    label: 'Models',
    icon: 'models',
    paths: ['/models', '/models/:bundle'],
    component: () => import('./models/Pane.vue'),
  },
  {
    id: 'learn',
    label: 'Learn',
    icon: 'learn',
    paths: ['/learn', '/learn/:entry'],
    component: () => import('./learn/Pane.vue'),
  },
]
