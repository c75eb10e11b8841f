import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This runs compiled, from the published package, and not from the sources. */
export const isPackaged: boolean = !import.meta.url.endsWith('.ts');

/** The project's folder, or `dist` of the published package. There the CLI's chunks lie one level deep, as this file does here. */
export const packageRoot: string = fileURLToPath(new URL('..', import.meta.url));

/** A file of ours that runs as a program of its own: `lib/local/lambda/runtime`, without suffix. */
export const programFile = (name: string): string => join(packageRoot, `${name}${isPackaged ? '.js' : '.ts'}`);
