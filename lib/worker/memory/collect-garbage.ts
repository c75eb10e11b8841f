import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collector: (() => void) | undefined;

/** A full collection now: V8 itself would wait, not knowing the container's limit. */
export const collectGarbage = (): void => {
  collector ??= expose();
  collector();
};

const expose = (): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
};
