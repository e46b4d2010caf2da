/** Routes, one or more a pane, from the registry. Hash history: every place is a link that survives a restart. */
import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import { PANES } from './panes/registry'

export function createStudioRouter(): Router {
  const router = createRouter({
    history: createWebHashHistory(),
    routes: [
      ...PANES.flatMap((pane) =>
        pane.paths.map((path, i) => ({
          path,
          name: i === 0 ? pane.id : `${pane.id}:${path}`,
          component: pane.component,
          meta: { pane: pane.id },
        })),
      ),
      { path: '/:rest(.*)*', redirect: '/data' },
    ],
  })
  router.afterEach((to) => {
    const pane = PANES.find(({ id }) => id === to.meta.pane)
    document.title = pane ? `${pane.label} – Tunesmith` : 'Tunesmith'
  })
  return router
}
