import type { Percent } from '../../../model/units.ts';
import type { PlayedWay } from '../../replay/replays.ts';

/** In the replay, and by more than chance: late jobs are counts, and another week draws others. */
export const keepsWithRoom = ({ late, judged }: Pick<PlayedWay, 'late' | 'judged'>, percent: Percent): boolean =>
  late + Math.sqrt(late) <= judged * (1 - percent / 100) + 1e-9;
