// `npm run bench [-- options]`: build, then measure what was built.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle, root } from './build.mjs'

const dist = join(root, 'dist')
await bundle(dist)
await import(pathToFileURL(join(dist, 'bench', 'main.js')).href)
