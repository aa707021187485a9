// What examples for Next import as new apps do: their dance by an alias, and Next by names without an extension.
declare module '@/dance' {
  export const dance: import('fetch-dance').Dance<{
    github: import('fetch-dance').Provider<{ login: string }>
    google: import('fetch-dance').Provider<{ hd?: string }>
  }>
}
declare module 'next/navigation' {
  export { redirect } from 'next/navigation.js'
}
