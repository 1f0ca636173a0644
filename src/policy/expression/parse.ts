/** Text of a condition or a quantity (CEL, the Common Expression Language) into a syntax tree with positions. */
import { parse as parseCel, ParseError, serialize, type ASTNode } from '@marcbachmann/cel-js'
import type { Finding } from '../../reading/finding.js'

export type Syntax = ASTNode

/** What is wrong with a text; `index` is the character where it begins. */
export type Problem = Pick<Finding, 'code' | 'message' | 'expected' | 'nearest' | 'fix'> & { index: number }

/** @returns the tree, or what is wrong with the text and at which character */
export function parse(text: string): { syntax: Syntax } | { problem: Problem } {
  try {
    return { syntax: parseCel(text).ast }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return {
      problem: {
        code: 'broken-expression',
        index: error.range?.start ?? error.node?.pos ?? 0,
        message: {
          zh: `表达式语法有误(CEL):${error.summary}`,
          en: `This is not a valid CEL expression: ${error.summary}`,
        },
      },
    }
  }
}

/** The parts of a condition that must all hold. */
export const conjuncts = (syntax: Syntax): Syntax[] =>
  syntax.op === '&&' ? syntax.args.flatMap(conjuncts) : [syntax]

/** One spelling for all that mean the same tree. */
export const textOf = (syntax: Syntax): string => serialize(syntax)
