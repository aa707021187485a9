/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    visit: import('./dance.ts').DanceVisit
  }
}
