export const root: string
export function bundle(into: string): Promise<void>
