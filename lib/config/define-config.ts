import type { Config } from './schema/config-schema.ts';

export type { Config };

/** For `sluice.config.ts`: gives the editor the types, changes nothing. Checked when it is loaded. */
export const defineConfig = (config: Config): Config => config;
