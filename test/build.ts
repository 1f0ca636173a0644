/**
 * Bundles the program for one run of the tests, in a folder of its own so that two runs never disturb one another.
 * Tests that need it take it from test/program.ts; a bundle that fails fails those tests alone.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { bundle, root } from '../scripts/build.mjs'

declare module 'vitest' {
  export interface ProvidedContext {
    built: { folder: string } | { error: string }
  }
}

export default async function setup(project: TestProject) {
  const folder = join(root, 'node_modules', '.cache', 'menkan', String(process.pid))
  try {
    await bundle(folder)
    project.provide('built', { folder })
  } catch (error) {
    project.provide('built', { error: String(error) })
  }
  return () => rmSync(folder, { recursive: true, force: true })
}
