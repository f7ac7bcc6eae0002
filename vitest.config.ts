import { defineConfig } from 'vitest/config';

// Tests run real ffmpeg, brokers and browsers on two cores: few at a time, with room to finish.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['node_modules/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Rates and delays of real programs, measured while a browser runs beside them: a busy machine gets a second chance.
    retry: 2,
  },
});
