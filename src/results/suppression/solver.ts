/** Linear programs, solved by whatever is handed in (node/ gives HiGHS), so that this room stays free of machines. */

/** lower ≤ x ≤ upper, and every row's Σ values · x equals `equals`. */
export interface Program {
  lower: Float64Array
  upper: Float64Array
  /** Rows one after another: row r has the entries starts[r] … starts[r + 1] − 1. */
  starts: Int32Array
  indices: Int32Array
  values: Float64Array
  equals: Float64Array
}

/** One program, asked several questions. */
export interface OpenProgram {
  /** @returns a point of least Σ cost · x; undefined where no point is feasible. Bounds are finite, so there always is a least one. */
  least(cost: Float64Array): Float64Array | undefined
  close(): void
}

export type Solver = (program: Program) => OpenProgram
