import { denoDifferences } from '../differences/deno.ts'
import { startDeno } from '../hosts/deno.ts'
import { testFramework } from './framework.ts'

testFramework('serveDance() in Deno', startDeno, denoDifferences)
