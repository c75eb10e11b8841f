import type { Proposal } from '../advice.ts';
import type { ResourceState } from '../resource.ts';
import { known, largest, seenHours } from '../series.ts';

const idleDays = 14;

/** Nobody connected for two weeks, and the CPU did nothing either. */
export const proposeIdleRemoval = (state: ResourceState): Proposal | undefined => {
  if (state.kind !== 'instance') return undefined;
  const { usage } = state;
  const cpu = recent(usage.hourly.cpuP99Percent);
  if (seenHours(cpu) < idleDays * 24 || (largest(cpu) ?? 100) > 3) return undefined;
  if (usage.kind !== 'ec2') {
    const connections = recent(usage.hourly.connections);
    if (seenHours(connections) < idleDays * 24 || known(connections).some((count) => count > 0)) return undefined;
  }
  return {
    kind: 'remove',
    title: `${usage.id}: nobody uses it`,
    change: { to: 'removed' },
    after: { ...state, running: new Float64Array(state.running.length) },
    evidence: [
      {
        text:
          usage.kind === 'ec2'
            ? `CPU never above ${(largest(cpu) ?? 0).toFixed(1)} % in ${idleDays} days.`
            : `No connection in ${idleDays} days.`,
      },
    ],
    risk: 'medium',
    effort: 'low',
    confidence: usage.kind === 'ec2' ? 'medium' : 'high',
    reversible: usage.kind === 'ec2',
    rollback: usage.kind === 'ec2' ? 'Start it again.' : 'Restore the last snapshot.',
    patch: [{ as: 'command', text: commandToRemove(usage.kind, usage.id, usage.region) }],
  };
};

const recent = (series: readonly (number | null)[] | undefined): readonly (number | null)[] =>
  (series ?? []).slice(-idleDays * 24);

const commandToRemove = (kind: 'ec2' | 'rds' | 'elasticache', id: string, region: string): string =>
  ({
    ec2: `aws ec2 stop-instances --instance-ids ${id} --region ${region}`,
    rds: `aws rds delete-db-instance --db-instance-identifier ${id} --final-db-snapshot-identifier ${id}-last --region ${region}`,
    elasticache: `aws elasticache delete-replication-group --replication-group-id ${id} --final-snapshot-identifier ${id}-last --region ${region}`,
  })[kind];
