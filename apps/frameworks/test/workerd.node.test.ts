import { workerdDifferences } from '../differences/workerd.ts'
import { startWorkerd } from '../hosts/workerd.ts'
import { testFramework } from './framework.ts'

testFramework('danceWorker() in workerd', startWorkerd, workerdDifferences)
