/** Starts the window: stores, routes, first data. */
import './noEval'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { createStudioRouter } from './router'

createApp(App).use(createPinia()).use(createStudioRouter()).mount('#app')
