/** menkan completion: the script by which a shell completes verbs, options and their choices. */
import { completionScript } from './commands.js'
import type { Verb } from './verb.js'

export const completion: Verb = {
  path: ['completion'],
  does: { zh: '打印命令补全脚本（bash、zsh、fish）', en: 'Print the completion script of your shell' },
  takes: [],
  options: {},
  example: 'menkan completion',
  async act(_given, terminal) {
    terminal.print(completionScript())
    return 0
  },
}
