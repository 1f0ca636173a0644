// What the compiler cannot hold. The rooms above node/ are pure: same input, same bytes, on every machine and in the
// browser; so no Node, no DOM, no clock, no luck but evidence/luck.ts, no function whose last digit is the engine's own.
import { builtinModules } from 'node:module'
import tseslint from 'typescript-eslint'

const MATH = [
  ...['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'cbrt', 'hypot'],
  ...[
    'sin',
    'cos',
    'tan',
    'asin',
    'acos',
    'atan',
    'atan2',
    'sinh',
    'cosh',
    'tanh',
    'asinh',
    'acosh',
    'atanh',
  ],
]

const MACHINE = [
  ...['process', 'Buffer', 'console', 'require', '__dirname', '__filename', 'global', 'crypto', 'fetch'],
  ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ...['window', 'document', 'navigator', 'location', 'localStorage', 'Intl'],
]

const PURE = 'Stay pure: this room may not touch the machine, a clock or the page; take it as an argument.'
const DIGITS = 'Its last digit is the engine’s own: use @stdlib/math-base-special-*.'

export default tseslint.config(
  { ignores: ['dist/', 'runs/', 'coverage/', '**/*.partial/', 'node_modules/'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  {
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/node/**', 'src/cli/**', 'src/web/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: builtinModules.map(name => ({ name, message: PURE })),
          patterns: [{ group: ['node:*'], message: PURE }],
        },
      ],
      'no-restricted-globals': ['error', ...MACHINE.map(name => ({ name, message: PURE }))],
      'no-restricted-properties': [
        'error',
        ...MATH.map(property => ({ object: 'Math', property, message: DIGITS })),
        {
          object: 'Math',
          property: 'random',
          message: 'Luck is evidence/luck.ts: uniform(key, person, decision, month).',
        },
        { object: 'globalThis', property: 'process', message: PURE },
        {
          property: 'localeCompare',
          message: 'Its order is the machine’s own: compare with < or a fixed order.',
        },
        { property: 'toLocaleString', message: 'Its words are the machine’s own: format by hand.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "BinaryExpression[operator='**']:not([left.type='Literal'][right.type='Literal'])",
          message: DIGITS,
        },
        { selector: "AssignmentExpression[operator='**=']", message: DIGITS },
      ],
    },
  },
)
