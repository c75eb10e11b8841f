import { bundleSize } from '../lib/constructs/code/bundle-size.ts';
import { functionBundle } from '../lib/constructs/code/function-code.ts';
import { bundleLimitBytes } from '../lib/constructs/code/function-limits.ts';

// What each dependency adds to the functions. Exit code 1 when one is above its limit.
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1).padStart(8)} KB`;

for (const [name, limit] of Object.entries(bundleLimitBytes)) {
  const { totalBytes, byPackage } = bundleSize(functionBundle(name));
  console.log(`${name}: ${kilobytes(totalBytes).trim()} of at most ${kilobytes(limit).trim()}`);
  for (const [dependency, bytes] of byPackage) console.log(`${kilobytes(bytes)}  ${dependency}`);
  if (totalBytes > limit) {
    console.error(
      `${name} is too large: leave a dependency out, or raise its limit in lib/constructs/code/function-limits.ts.`,
    );
    process.exitCode = 1;
  }
}
