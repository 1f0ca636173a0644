#!/usr/bin/env node
/** The program `menkan`: the machine's streams on one side, the table of verbs on the other. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shippedRoot } from '../node/files.js'
import { program } from './program.js'
import { VERBS } from './verbs.js'

// Whoever reads our output may stop early (`menkan … | head`).
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })

const version = (): string =>
  (JSON.parse(readFileSync(join(shippedRoot(), 'package.json'), 'utf8')) as { version: string }).version

const { stdout, stderr, env } = process
process.exitCode = await program(process.argv.slice(2), VERBS, { stdout, stderr, environment: env }, version)
