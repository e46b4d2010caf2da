// Lint rules, and the one direction of imports (each element lists what it may import).
import boundaries from 'eslint-plugin-boundaries'
import vue from 'eslint-plugin-vue'
import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

const elements = [
  { type: 'shared', pattern: 'src/shared/**', partialMatch: false },
  { type: 'preload', pattern: 'src/preload/**', partialMatch: false },
  { type: 'renderer', pattern: 'src/renderer/**', partialMatch: false },
  { type: 'cli', pattern: 'src/cli/**', partialMatch: false },
  { type: 'engine', pattern: 'src/main/engine/**', partialMatch: false },
  { type: 'metrics', pattern: 'src/main/metrics/**', partialMatch: false },
  { type: 'data', pattern: 'src/main/data/**', partialMatch: false },
  { type: 'augment', pattern: 'src/main/augment/**', partialMatch: false },
  { type: 'tuner', pattern: 'src/main/tuner/**', partialMatch: false },
  { type: 'network', pattern: 'src/main/network/**', partialMatch: false },
  { type: 'hub', pattern: 'src/main/hub/**', partialMatch: false },
  { type: 'knowledge', pattern: 'src/main/knowledge/**', partialMatch: false },
  { type: 'store', pattern: 'src/main/store/**', partialMatch: false },
  { type: 'worker', pattern: 'src/main/worker/**', partialMatch: false },
  { type: 'services', pattern: 'src/main/services/**', partialMatch: false },
  { type: 'ipc', pattern: 'src/main/ipc/**', partialMatch: false },
  { type: 'app', pattern: ['src/main/app/**', 'src/main'], partialMatch: false },
]

const allowed = {
  shared: [],
  preload: [],
  renderer: [],
  engine: [],
  metrics: [],
  data: [],
  augment: [],
  tuner: [],
  hub: [],
  network: [],
  knowledge: [],
  store: [],
  worker: ['engine', 'metrics', 'data', 'augment', 'tuner'],
  services: ['store', 'hub', 'network', 'data', 'augment', 'tuner', 'metrics', 'knowledge', 'worker'],
  ipc: ['services'],
  app: ['ipc', 'services', 'store', 'worker'],
  cli: ['services', 'store', 'worker', 'metrics', 'data', 'engine', 'augment'],
}

const policies = Object.entries(allowed).map(([from, to]) => ({
  from: { element: { type: from } },
  allow: [{ to: { element: { type: [from, 'shared', ...to] } } }],
}))

// Packages that one place alone may import, and that place.
const homes = [
  { packages: ['onnxruntime-node', 'onnxruntime-common'], files: ['src/main/engine/runtime/**'] },
  { packages: ['@bufbuild/protobuf', 'onnx-buf'], files: ['src/main/engine/onnx/**'] },
  { packages: ['@huggingface/hub'], files: ['src/main/hub/**'] },
  {
    packages: ['better-sqlite3'],
    files: ['src/main/store/**', 'src/main/data/file/**', 'src/main/data/examples/**'],
  },
  {
    packages: ['electron'],
    files: [
      'src/main/index.ts',
      'src/main/app/**',
      'src/main/ipc/**',
      'src/main/worker/electronHost.ts',
      'src/preload/**',
    ],
  },
]

/** @param {string[]} packages */
function refuse(packages) {
  const group = packages.flatMap((name) => [name, `${name}/*`])
  const message = 'Only one place may import this package: see `homes` in eslint.config.js.'
  return { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group, message }] }] }
}

const restrictedEverywhere = homes.flatMap(({ packages }) => packages)

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
      'import/resolver': { node: { extensions: ['.ts', '.vue'] } },
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
      'boundaries/dependencies': ['error', { default: 'disallow', policies }],
    },
  },
  {
    files: ['scripts/**/*.mjs'],
    extends: [...tseslint.configs.recommended],
    rules: { 'max-lines': ['error', { max: 300 }] },
  },
  { files: ['src/**/*.ts', 'src/**/*.vue'], rules: refuse(restrictedEverywhere) },
  ...homes.map(({ packages, files }) => ({
    files,
    rules: refuse(restrictedEverywhere.filter((name) => !packages.includes(name))),
  })),
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 400 }] },
  },
  prettier,
)
