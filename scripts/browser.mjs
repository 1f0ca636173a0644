// Tests look at pages and charts through a browser. On Debian a missing one is installed with its Chinese font.
import { existsSync } from 'node:fs'
import { spawnSync } from 'node:child_process'

const PACKAGES = ['chromium', 'fonts-noto-cjk']

/** @returns false where a browser is missing and could not be installed */
export function ensureBrowser() {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return true
  const installed = name =>
    spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' }).stdout?.includes(
      'install ok installed',
    )
  if (PACKAGES.every(installed)) return true
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const apt = (...words) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...words]
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    return spawnSync(command, rest, { stdio: ['ignore', 'ignore', 2], env }).status === 0
  }
  console.error(`Installing ${PACKAGES.join(' and ')} …`)
  if (apt('update') && apt('install', '-y', '--no-install-recommends', ...PACKAGES)) return true
  console.error(`Could not install them. Do it by hand: apt-get install ${PACKAGES.join(' ')}`)
  return false
}
