// `npm run lint`: ESLint's rules and Prettier's form. `npm run lint -- --fix` mends what can be mended.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { root } from './build.mjs'

const require = createRequire(import.meta.url)
const bin = (name, file) => join(dirname(require.resolve(`${name}/package.json`)), file)
const fix = process.argv.includes('--fix')
const code = ['*.{js,ts}', '{src,test,bench}/**/*.ts', 'scripts/*.mjs']

const runs = [
  [bin('eslint', 'bin/eslint.js'), '--max-warnings=0', ...(fix ? ['--fix'] : []), '.'],
  [
    bin('prettier', 'bin/prettier.cjs'),
    fix ? '--write' : '--check',
    '--log-level=warn',
    '--no-error-on-unmatched-pattern',
    ...code,
  ],
]
for (const words of runs) {
  const { status } = spawnSync(process.execPath, words, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) process.exitCode = 1
}
