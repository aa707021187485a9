import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

const { DANCE_ORIGIN, FORM_POST_ORIGIN } = process.env

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ out: 'dist' }),
      // #region recipe
      paths: DANCE_ORIGIN ? { origin: DANCE_ORIGIN } : {}, // what SvelteKit compares a form's Origin with
      csrf: { trustedOrigins: FORM_POST_ORIGIN ? [FORM_POST_ORIGIN] : [] }, // who answers by a form
      // #endregion
    }),
  ],
})
