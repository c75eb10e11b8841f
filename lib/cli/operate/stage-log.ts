import { readLog } from '../../act/decision-log.ts';
import type { EpochSeconds } from '../../model/units.ts';
import type { DecisionSource } from './decision-source.ts';
import { type DeployedStage, stageLabel } from './stage.ts';

/** The decision log of a deployed stage. Ticks that changed nothing reach it within five minutes, all others at once. */
export const openStageLog = (stage: DeployedStage, now: EpochSeconds): DecisionSource => ({
  label: `the decision log of ${stageLabel(stage)}; ticks that changed nothing reach it within 5 minutes`,
  services: stage.bindings.map(({ plan }) => plan.service),
  endsAt: now,
  read: (service, from, to) => readLog(stage.clients.dynamo, stage.table, service, from, to),
});
