/** The form of cells without their content: every digit 9, every Han character 字, every letter a. */
export const shapeOf = (cell: string): string =>
  cell
    .normalize('NFKC')
    .trim()
    .replace(/\p{Script=Han}/gu, '字')
    .replace(/\d/g, '9')
    .replace(/[A-Z]/g, 'A')
    .replace(/(?![A字])\p{L}/gu, 'a')
    .slice(0, 24)

/** The commonest forms of each column. */
export class Shapes {
  private readonly columns = new Map<number, string[]>()

  see(column: number, cells: readonly string[]): void {
    const counts = new Map<string, number>()
    for (const cell of cells) {
      const shape = shapeOf(cell)
      if (shape !== '') counts.set(shape, (counts.get(shape) ?? 0) + 1)
    }
    this.columns.set(
      column,
      [...counts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 3)
        .map(([shape]) => shape),
    )
  }

  of = (column: number): string[] => this.columns.get(column) ?? []
}
