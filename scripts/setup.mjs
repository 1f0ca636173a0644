// Runs before start, build, test, lint, bench and verify: installs what a fresh clone lacks, so that there is no step to
// remember. Uses nothing but Node and npm, and no shell, so that Windows does the same.
import { existsSync, readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const json = path => JSON.parse(readFileSync(join(root, path), 'utf8'))

const wanted = json('package.json').engines.node.replace('>=', '').split('.').map(Number)
const running = process.versions.node.split('.').map(Number)
const differing = wanted.findIndex((part, index) => part !== running[index])
if (differing >= 0 && running[differing] < wanted[differing]) {
  console.error(`需要 Node ${wanted.join('.')} 或更新版本,当前为 ${process.versions.node}。`)
  console.error(`Node ${wanted.join('.')} or newer is needed, this is ${process.versions.node}.`)
  process.exit(1)
}

// Packages for other systems are optional and may be absent.
const missing = Object.entries(json('package-lock.json').packages).filter(
  ([path, { version, optional }]) =>
    path !== '' &&
    !optional &&
    (!existsSync(join(root, path, 'package.json')) || json(join(path, 'package.json')).version !== version),
)
if (missing.length > 0) {
  console.error(`安装依赖包 / installing packages (${missing.length}) …`)
  const npm = process.env.npm_execpath
  const options = { cwd: root, stdio: ['ignore', 2, 2] }
  const result = npm
    ? spawnSync(process.execPath, [npm, 'ci'], options)
    : spawnSync('npm', ['ci'], { ...options, shell: process.platform === 'win32' })
  process.exitCode = result.status ?? 1
}
