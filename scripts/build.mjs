// Bundles the program into dist/: the command line, the thread's entry and the library, in pieces that are loaded
// when needed; then the types. `node scripts/build.mjs --no-types` leaves the types out (they take longest).
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

const ENTRIES = {
  'cli/main': 'src/cli/main.ts',
  'node/worker': 'src/node/worker.ts',
  index: 'src/index.ts',
  'bench/main': 'bench/main.ts',
}

/** Bundle into the folder `into`. Bundled packages' licences are gathered in LICENSES.txt beside the code. */
export async function bundle(into) {
  const entryPoints = Object.fromEntries(
    Object.entries(ENTRIES)
      .map(([name, file]) => [name, join(root, file)])
      .filter(([, file]) => existsSync(file)),
  )
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: into,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: 'chunks/[name]-[hash]',
    // Packages in the older module form ask for Node's own modules by `require`.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
    metafile: true,
    logLevel: 'error',
  })
  // The solver's machine code, where its loader looks for it: beside the piece that holds the loader.
  copyFileSync(join(root, 'node_modules/highs/build/highs.wasm'), join(into, 'chunks', 'highs.wasm'))
  writeFileSync(join(into, 'LICENSES.txt'), licences(Object.keys(metafile.inputs)))
}

function licences(inputs) {
  const folders = new Set(
    inputs.flatMap(
      input => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input.replaceAll('\\', '/'))?.[0] ?? [],
    ),
  )
  return [...folders]
    .sort()
    .map(folder => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const file = readdirSync(join(root, folder)).find(entry => /^licen[cs]e/i.test(entry))
      const text = file
        ? readFileSync(join(root, folder, file), 'utf8').trim()
        : '(no licence file in the package)'
      return `${name} ${version} (${license})\n\n${text}\n`
    })
    .join('\n' + '-'.repeat(80) + '\n\n')
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const dist = join(root, 'dist')
  rmSync(dist, { recursive: true, force: true })
  await bundle(dist)
  if (!process.argv.includes('--no-types')) {
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
    const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
      stdio: 'inherit',
    })
    process.exitCode = status ?? 1
  }
}
