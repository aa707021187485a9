import type { DanceVisit } from './dance.ts'

declare global {
  namespace App {
    interface Locals {
      visit: DanceVisit
      error?: unknown
    }
  }
}
