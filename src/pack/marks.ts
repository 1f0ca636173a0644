/**
 * Two things that a source may say of itself: that the field was taken over from another place and has not been
 * checked, or that it is still empty. `pack init` writes them, `pack check` counts them; whoever fills the field
 * writes the true source over them.
 */

/** @param was the source that the field had there */
export const takenOver = (from: string, place: string, was?: string): string =>
  `taken over from ${from}, not checked for ${place}${was === undefined ? '' : `: ${was}`}`

/** @param what is looked for */
export const toBeFilled = (place: string, what: string): string => `to be filled for ${place}: ${what}`

/** The place that a field was taken over from, if its source says so; a margin joins the sources of its cells. */
export const takenFrom = (source: string): string | undefined =>
  /(?:^|; )taken over from (\S+), not checked for /.exec(source)?.[1]

export const isToBeFilled = (source: string): boolean => /(?:^|; )to be filled for /.test(source)
