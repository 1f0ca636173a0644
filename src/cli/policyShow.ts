/** menkan policy show: a rule set as it stands in a month. */
import { compileLaw } from '../policy/compile.js'
import { POLICY, POLICY_OPTIONS, readPolicyInput } from './policyInput.js'
import { printLaw, recordOf } from './policyWords.js'
import type { Verb } from './verb.js'

export const show: Verb = {
  path: ['policy', 'show'],
  does: { zh: '显示某月有效的政策', en: 'Show a policy as it stands in a month' },
  takes: [POLICY],
  options: POLICY_OPTIONS,
  example: 'menkan policy show guangdong-points --at 2015-06',
  async act(given, terminal) {
    const { policy, month, areas } = await readPolicyInput(given)
    const law = compileLaw(policy, month, { areas })
    if (terminal.format === 'json') terminal.print(JSON.stringify(recordOf(policy, law), null, 2))
    else printLaw(policy, law, areas, terminal)
    return 0
  },
}
