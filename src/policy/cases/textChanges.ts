/** Single changes to the text of a condition or a quantity. */
import type { Syntax } from '../expression/parse.js'
import type { FactDefinition } from '../facts.js'

export interface TextChange {
  kind: 'number' | 'bound' | 'comparison' | 'logic' | 'value'
  /** The characters that `to` takes the place of. */
  start: number
  end: number
  from: string
  to: string
}

const OTHERS: Record<string, { kind: 'comparison' | 'logic'; to: string }> = {
  '>=': { kind: 'comparison', to: '>' },
  '>': { kind: 'comparison', to: '>=' },
  '<=': { kind: 'comparison', to: '<' },
  '<': { kind: 'comparison', to: '<=' },
  '==': { kind: 'comparison', to: '!=' },
  '!=': { kind: 'comparison', to: '==' },
  '&&': { kind: 'logic', to: '||' },
  '||': { kind: 'logic', to: '&&' },
}

/** @param text that the syntax was made of */
export function textChanges(syntax: Syntax, text: string, facts: readonly FactDefinition[]): TextChange[] {
  const changes: TextChange[] = []
  const put = (kind: TextChange['kind'], { start, end }: Pick<Syntax, 'start' | 'end'>, to: string) =>
    void changes.push({ kind, start, end, from: text.slice(start, end), to })

  /** @param beside what a value is compared with, if it is */
  const visit = (node: Syntax, beside?: Syntax): void => {
    if (node.op === 'value') {
      const { args: value } = node
      if (typeof value === 'boolean') put('value', node, String(!value))
      else if (typeof value === 'string') {
        const values = valuesOf(beside, facts)
        const index = values.indexOf(value)
        if (index >= 0) put('value', node, JSON.stringify(values[index + 1] ?? values[index - 1]))
      } else {
        const written = text.slice(node.start, node.end)
        put('number', node, moved(written, 1))
        if (beside) put('bound', node, moved(written, -1))
      }
      return
    }
    const parts = operandsOf(node)
    const [left, right] = parts
    const other = OTHERS[node.op]
    if (other) {
      const start = text.indexOf(node.op, left.end)
      put(other.kind, { start, end: start + node.op.length }, other.to)
    }
    const compares = other?.kind === 'comparison' || node.op === 'in'
    parts.forEach((part, index) =>
      visit(part, compares ? [right, left][index] : node.op === 'list' ? beside : undefined),
    )
  }
  visit(syntax)
  return changes
}

function operandsOf(node: Syntax): Syntax[] {
  if (node.op === 'call') return node.args[1]
  return ([node.args] as unknown[])
    .flat()
    .filter((part): part is Syntax => typeof part === 'object' && part !== null)
}

function valuesOf(beside: Syntax | undefined, facts: readonly FactDefinition[]): readonly string[] {
  const type = beside?.op === 'id' ? facts.find(({ name }) => name === beside.args)?.type : undefined
  return type && 'values' in type ? type.values : []
}

/** A number one unit of its last written digit further: 60 → 61, 1.5 → 1.6. */
export function moved(written: string, direction: 1 | -1): string {
  const digits = /\.(\d+)/.exec(written)?.[1].length ?? 0
  return (Number(written) + direction * Number(`1e-${digits}`)).toFixed(digits)
}
