// The examples in a real browser, the recipes, and the same requests through every framework: `npm run test:examples`.
import { printSum } from './reports.ts'
import { runVitest } from './runners.ts'

printSum(await runVitest(['examples', 'frameworks', 'docs']))
