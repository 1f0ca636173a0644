// `npm run verify`: everything that must hold before a change is handed in. All steps run, whichever fails; the last
// line gives the test runner's own counts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { root } from './build.mjs'

const require = createRequire(import.meta.url)
const bin = (name, file) => join(dirname(require.resolve(`${name}/package.json`)), file)

const scratch = mkdtempSync(join(tmpdir(), 'menkan-verify-'))
const counts = join(scratch, 'tests.json')

const STEPS = {
  build: [join(root, 'scripts', 'build.mjs')],
  types: [bin('typescript', 'bin/tsc')],
  lint: [join(root, 'scripts', 'lint.mjs')],
  test: [
    bin('vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${counts}`,
  ],
}

const failed = []
if (!ensureBrowser()) failed.push('browser')
for (const [name, words] of Object.entries(STEPS)) {
  console.log(`\n== ${name}`)
  const began = performance.now()
  const { status } = spawnSync(process.execPath, words, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  console.log(
    `== ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((performance.now() - began) / 1000).toFixed(1)} s)`,
  )
  if (status !== 0) failed.push(name)
}

console.log(failed.length === 0 ? '\nEverything holds.' : `\nFailed: ${failed.join(', ')}`)
console.log(closingLine())
rmSync(scratch, { recursive: true, force: true })
process.exitCode = failed.length === 0 ? 0 : 1

function closingLine() {
  let report
  try {
    report = JSON.parse(readFileSync(counts, 'utf8'))
  } catch {
    return '0 passed, 1 failed'
  }
  // A file that could not even be loaded counts as one failed test.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(result => result.status === 'failed'),
  ).length
  const skipped = report.numPendingTests + report.numTodoTests
  const line = `${report.numPassedTests} passed, ${report.numFailedTests + broken} failed`
  return skipped > 0 ? `${line}, ${skipped} skipped` : line
}
