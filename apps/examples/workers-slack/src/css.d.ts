// wrangler.jsonc has style sheets bundled as texts.
declare module '*.css' {
  const text: string
  export default text
}
