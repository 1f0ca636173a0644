/** Linear programs by HiGHS (compiled to WebAssembly, one thread): the same program gives the same point everywhere. */
import type { Highs, InitOptions, Model } from 'highs'
import type { Solver } from '../results/suppression/solver.js'

/** Loaded when first wanted: it takes a tenth of a second, and most runs need none. */
export async function linearPrograms(): Promise<Solver> {
  // Its types are declared for the older module form, in which the default export lies one level deeper.
  const { default: load } = (await import('highs')) as unknown as {
    default(options?: InitOptions): Promise<Highs>
  }
  const highs = await load()
  // An instance takes ten times as long to make as a small program to solve: it is used again.
  const idle: Model[] = []
  const instance = (): Model => {
    const model = highs.createModel()
    model.options.set({ output_flag: false })
    return model
  }
  return ({ lower, upper, starts, indices, values, equals }) => {
    const model = idle.pop() ?? instance()
    model.passModel({
      numCols: lower.length,
      numRows: equals.length,
      colCost: new Float64Array(lower.length),
      colLower: lower,
      colUpper: upper,
      rowLower: equals,
      rowUpper: equals,
      matrix: { format: 'csr', numRows: equals.length, numCols: lower.length, starts, indices, values },
    })
    const all = { kind: 'range', from: 0, to: lower.length - 1 } as const
    return {
      least(cost) {
        model.changeColsCost(all, cost)
        model.run()
        const status = model.getModelStatus()
        const { optimal, infeasible } = highs.constants.modelStatus
        if (status === infeasible) return undefined
        if (status !== optimal) throw new Error(`the linear program ended with status ${status}`)
        return Float64Array.from(model.getSolution().colValue)
      },
      close: () => void idle.push(model),
    }
  }
}
