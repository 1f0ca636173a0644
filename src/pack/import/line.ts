/** One record of what is written: UTF-8, LF, quotes where they are needed. */
export const csvCell = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

export const csvLine = (cells: readonly string[]): string => cells.map(csvCell).join(',') + '\n'
