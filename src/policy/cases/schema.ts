/** The form of a file of cases: persons, and what a rule set must say of them. */
import { z } from 'zod'
import type { Text } from '../../reading/text.js'

const words = z.string().min(1)

/** A number, true or false, or a word of the fact; null, or `unknown`, where it is not known. */
const value = z.union([z.number(), z.boolean(), z.string(), z.null()])

/** Facts by name; `like` takes those of a named person first. */
const facts = z.object({ like: words.optional() }).catchall(value)

const month = words
const months = z.union([month, z.array(month).min(1)])
const ids = z.array(words)

/** What is expected of one person, or of the rules as such, in a month. */
const test = z
  .strictObject({
    case: words,
    /** One month, or several in which the same is expected. */
    at: months.optional(),
    /** The name of a person, or facts. Without: nothing is known of the person. */
    person: z.union([words, facts]).optional(),
    /** All channels that are open, and no other. */
    channels: ids.optional(),
    /** Channels that are closed for certain. */
    not: ids.optional(),
    score: z.record(words, z.number()).optional(),
    /** By channel and line; lines that are not named may be anything. */
    ledger: z.record(words, z.record(words, z.number())).optional(),
    /** By channel all conditions that fail: the name of the rule, the condition as written, or its clause. */
    failed: z.record(words, ids).optional(),
    /** By channel all unknown facts that keep it, or its score, undecided. */
    unknown: z.record(words, ids).optional(),
    /** What the rules compute: values of facts as of a person's. */
    facts: z.record(words, value).optional(),
    /** By path the value in force; null where nothing is. */
    law: z.record(words, z.unknown()).optional(),
    /** Points by which a score or a line may differ. */
    tolerance: z.number().min(0).optional(),
    /** Where the expected answer comes from. */
    source: words.optional(),
  })
  .superRefine((written, context) => {
    const { channels, not, score, ledger, failed, unknown, facts: computed, law } = written
    if ([channels, not, score, ledger, failed, unknown, computed, law].every(part => part === undefined))
      nothingExpected(context, 'channels, not, score, ledger, failed, unknown, facts, law')
  })

const places = z.number().min(0)
/** Of the whole place, or also by area. */
const quota = z.union([
  places,
  z.strictObject({ whole: places.optional(), areas: z.record(words, places).optional() }),
])

const REFUSALS = ['unqualified', 'no_place', 'expired'] as const
export type Refusal = (typeof REFUSALS)[number]

/** One round of a channel whose places are limited. */
const round = z
  .strictObject({
    round: words,
    at: month.optional(),
    channel: words,
    /** By id; `applied: MONTH` beside the facts says since when one is in line. */
    persons: z.record(words, z.union([words, facts])).default({}),
    /** Places instead of those that the law gives. */
    with_places: quota.optional(),
    /** Admitted in the earlier rounds of the same year: of the whole place, or also by area. */
    admitted_before: quota.optional(),
    /** The places that the law gives this round. */
    places: quota.optional(),
    /** All who are admitted, in any order. */
    admitted: ids.optional(),
    /** The same, best first. */
    ranked: ids.optional(),
    must_admit: ids.optional(),
    exactly_one_of: ids.optional(),
    /** Who is not admitted and out of the line, with the reason. */
    refused: z.record(words, z.enum(REFUSALS)).optional(),
    /** Who stays in line for the next round. */
    waiting: ids.optional(),
    /** Places left empty, by area. */
    unfilled: z.record(words, places).optional(),
    /** Persons admitted beyond the places. */
    over: places.optional(),
    /** The keys of the last one admitted, by their text. */
    cut_off: z.record(words, z.number()).optional(),
    source: words.optional(),
  })
  .superRefine((written, context) => {
    const { round: _round, at: _at, channel: _channel, persons: _persons, ...rest } = written
    const { with_places: _with, admitted_before: _before, source: _source, ...expected } = rest
    if (Object.values(expected).every(part => part === undefined))
      nothingExpected(context, 'places, admitted, ranked, must_admit, refused, waiting …')
  })

export const caseFile = z
  .strictObject({
    /** The rule set: a path beside this file, or a shipped name. */
    cases: words,
    /** Areas that facts may name: those of a pack, or these. */
    pack: words.optional(),
    areas: ids.min(1).optional(),
    /** Month of cases that name none. */
    at: months.optional(),
    /**
     * Facts that a case does not state: not known, as an empty cell of a file of persons, or `none` – 0, false, the
     * lowest value of an ordered fact, the value `none` of a named one. A named fact without it, and the area, are
     * unknown all the same; a fact that the rules compute is computed.
     */
    otherwise: z.enum(['unknown', 'none']).default('unknown'),
    tolerance: z.number().min(0).default(0),
    /** Where the expected answers come from, unless a case says otherwise. */
    source: words.optional(),
    persons: z.record(words, facts).default({}),
    tests: z.array(test).default([]),
    rounds: z.array(round).default([]),
  })
  .superRefine(({ tests, rounds, pack, areas }, context) => {
    if (tests.length + rounds.length === 0)
      mistake(context, { zh: '没有任何案例', en: 'There is no case in this file' })
    if (pack !== undefined && areas !== undefined)
      mistake(context, { zh: 'pack 与 areas 只能写一个', en: 'Only one of "pack" and "areas"' })
  })

export type Facts = z.output<typeof facts>
export type CaseFile = z.output<typeof caseFile>
export type Test = CaseFile['tests'][number]
export type RoundTest = CaseFile['rounds'][number]
export type Quota = z.output<typeof quota>

/** Not beside another mistake: it may be the expectation that is misspelt. */
const nothingExpected = (context: z.RefinementCtx, parts: string) =>
  context.issues.length === 0 &&
  mistake(context, {
    zh: `这个案例没有任何期望:须写 ${parts} 之一`,
    en: `This case expects nothing: say at least one of ${parts}`,
  })

const mistake = (context: z.RefinementCtx, { zh, en }: Text) =>
  void context.addIssue({ code: 'custom', message: en, params: { zh, en } })
