/** What the recipe needs of Bun's own types. */
declare const Bun: {
  serve(o: { fetch(request: Request): Response | Promise<Response> }): unknown
}
