import { waitBinSeconds } from '../../model/hourly-rollup.ts';
import type { Seconds } from '../../model/units.ts';

/** The bin of a wait: the first edge that it does not exceed, else the open last one. */
export const waitBin = (waitSeconds: Seconds): number => {
  const bin = waitBinSeconds.findIndex((edge) => waitSeconds <= edge);
  return bin === -1 ? waitBinSeconds.length : bin;
};
