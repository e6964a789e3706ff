import {defineConfig} from 'vitest/config';

export default defineConfig({
  esbuild: {jsx: 'automatic', jsxImportSource: 'preact'},
  resolve: {dedupe: ['preact', '@preact/signals']},
  test: {
    environment: 'jsdom',
    include: ['extensions/*/tests/**/*.test.{js,jsx}'],
    // The tester imports our .jsx by itself: it has to go through vite, or Node says "Unknown file extension".
    server: {deps: {inline: ['@shopify/ui-extensions-tester']}},
  },
});
