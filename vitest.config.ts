import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The program is bundled once for the tests that run it as a user does (test/program.ts).
    globalSetup: ['test/build.ts'],
    testTimeout: 30_000,
  },
})
