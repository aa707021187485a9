export { type Html, html } from '@fetch-dance/demo/html'
