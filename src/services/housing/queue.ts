/** A waiting list of expected households, first come first served: by month of application and status. */

export interface Queue {
  /** [status][month of application]. */
  waiting: Float64Array[]
  /** Nobody waits from before this month. */
  first: number
}

export const emptyQueue = (statuses: number, months: number): Queue => ({
  waiting: Array.from({ length: statuses }, () => new Float64Array(months)),
  first: 0,
})

export const length = ({ waiting, first }: Queue, status: number): number => {
  let sum = 0
  for (let month = first; month < waiting[status].length; month++) sum += waiting[status][month]
  return sum
}

/** A share of all leave the list. */
export function leave({ waiting, first }: Queue, share: number): void {
  for (const list of waiting) for (let month = first; month < list.length; month++) list[month] *= 1 - share
}

/** A share of those waiting under one status goes on waiting under another, each with the place it had. */
export function change({ waiting, first }: Queue, from: number, to: number, share: number): void {
  for (let month = first; month < waiting[from].length; month++) {
    const moved = waiting[from][month] * share
    waiting[from][month] -= moved
    waiting[to][month] += moved
  }
}

/**
 * Serve the longest waiting first; those of one month alike, whatever their status.
 *
 * @param places what there is to give
 * @param now    the month, for the wait
 * @returns by status: how many were served, and the months that they waited, summed
 */
export function serve(queue: Queue, places: number, now: number): { served: number[]; waited: number[] } {
  const { waiting } = queue
  const served = waiting.map(() => 0)
  const waited = waiting.map(() => 0)
  let left = places
  for (let month = queue.first; month <= now && left > 0; month++) {
    const here = waiting.reduce((sum, list) => sum + list[month], 0)
    const share = here > left ? left / here : 1
    waiting.forEach((list, status) => {
      const given = list[month] * share
      list[month] = share === 1 ? 0 : list[month] - given
      served[status] += given
      waited[status] += given * (now - month)
    })
    left -= here * share
    if (share === 1) queue.first = month + 1
  }
  return { served, waited }
}
