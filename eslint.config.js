// Lint rules, and the one direction of imports (each element lists what it may import).
import boundaries from 'eslint-plugin-boundaries'
import vue from 'eslint-plugin-vue'
import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

const elements = [
  { type: 'shared', pattern: 'src/shared/**', mode: 'full' },
  { type: 'preload', pattern: 'src/preload/**', mode: 'full' },
  { type: 'renderer', pattern: 'src/renderer/**', mode: 'full' },
  { type: 'cli', pattern: 'src/cli/**', mode: 'full' },
  { type: 'engine', pattern: 'src/main/engine/**', mode: 'full' },
  { type: 'metrics', pattern: 'src/main/metrics/**', mode: 'full' },
  { type: 'data', pattern: 'src/main/data/**', mode: 'full' },
  { type: 'tuner', pattern: 'src/main/tuner/**', mode: 'full' },
  { type: 'knowledge', pattern: 'src/main/knowledge/**', mode: 'full' },
  { type: 'store', pattern: 'src/main/store/**', mode: 'full' },
  { type: 'worker', pattern: 'src/main/worker/**', mode: 'full' },
  { type: 'services', pattern: 'src/main/services/**', mode: 'full' },
  { type: 'ipc', pattern: 'src/main/ipc/**', mode: 'full' },
  { type: 'app', pattern: ['src/main/app/**', 'src/main/index.ts'], mode: 'full' },
]

const allowed = {
  shared: [],
  preload: [],
  renderer: [],
  engine: [],
  metrics: [],
  data: [],
  tuner: [],
  knowledge: [],
  store: [],
  worker: ['engine', 'metrics', 'data'],
  services: ['store', 'data', 'tuner', 'metrics', 'knowledge', 'worker'],
  ipc: ['services'],
  app: ['ipc', 'services', 'store', 'worker'],
  cli: ['services', 'store', 'worker', 'metrics', 'data', 'engine'],
}

export default tseslint.config(
  {
    ignores: [
      'out/**',
      'dist/**',
      'node_modules/**',
      'test-results/**',
      'playwright-report/**',
      '**/*.as.ts',
    ],
  },
  {
    files: ['**/*.ts', '**/*.vue'],
    extends: [...tseslint.configs.strictTypeChecked, ...vue.configs['flat/recommended']],
    plugins: { boundaries },
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        project: ['./tsconfig.main.json', './tsconfig.web.json', './tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    settings: {
      'boundaries/elements': elements,
      'import/resolver': { typescript: { project: './tsconfig.test.json' } },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: false }],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          rules: [...Object.entries(allowed).map(([from, to]) => ({ from, allow: [from, 'shared', ...to] }))],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 400 }] },
  },
  prettier,
)
