/** The machine cannot do what was asked though the input is right: a full disk, a thread that died (exit 1). */
import { inWords, type Finding } from '../reading/finding.js'

export class MachineFailure extends Error {
  constructor(
    readonly finding: Finding,
    options?: ErrorOptions,
  ) {
    super(inWords(finding, 'en'), options)
    this.name = 'MachineFailure'
  }
}

/** The system's short code of an error (`ENOENT`, `ENOSPC` …), if it has one. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined
