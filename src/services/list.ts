/** Every service; a new one is a folder beside this file and a line here. */
import { education } from './education/education.js'
import { housing } from './housing/housing.js'
import { insurance } from './insurance/insurance.js'
import type { Service } from './service.js'

// Each keeps a state of its own, which nobody else looks into.
export const SERVICES = [education, housing, insurance] as Service[]
