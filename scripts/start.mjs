// `npm start [-- options]`: build what is there, then compare points against zero-threshold.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle, root } from './build.mjs'

const dist = join(root, 'dist')
await bundle(dist)
process.argv.splice(2, 0, 'compare')
await import(pathToFileURL(join(dist, 'cli', 'main.js')).href)
