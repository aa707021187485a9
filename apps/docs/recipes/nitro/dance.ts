export { type DanceVisit, dance } from '../dance.ts'
