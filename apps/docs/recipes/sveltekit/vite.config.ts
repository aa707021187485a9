import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ out: 'dist' }),
      // #region recipe
      paths: { origin: process.env.DANCE_ORIGIN ?? '' }, // what SvelteKit compares a form's Origin with
      csrf: { trustedOrigins: [process.env.FORM_POST_ORIGIN ?? ''] }, // who answers by a form
      // #endregion
    }),
  ],
})
