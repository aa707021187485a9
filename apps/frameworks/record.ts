// Records anew what plain `dance.wrap` answers to every request: the files below recorded/ are what it wrote.
import { startPlain } from './hosts/plain.ts'
import { themes } from './requests/index.ts'
import { type Records, writeRecords } from './support/records.ts'
import { openStage } from './support/stage.ts'

const stage = await openStage(startPlain)
for (const [theme, requests] of Object.entries(themes)) {
  const records: Records = {}
  for (const name of Object.keys(requests)) records[name] = await stage.answerTo(theme, name)
  writeRecords(theme, records)
}
await stage.stop()
