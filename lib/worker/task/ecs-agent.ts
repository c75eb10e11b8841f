import type { EpochSeconds } from '../../model/units.ts';
import type { AgentPort, ProtectionOutcome } from '../ports.ts';
import { errorText } from '../worker-log.ts';

/** The agent calls ECS and waits for it; longer than this a job should not wait for its start. */
const timeoutMs = 5000;

/**
 * The ECS agent's endpoints, as the container's environment names them. Undefined outside ECS.
 * On Fargate the metadata begin with the image pull: the seconds before (network interface) are not in `createdAt`.
 */
export const ecsAgent = (environment: Readonly<Record<string, string | undefined>>): AgentPort | undefined => {
  const agentUri = environment.ECS_AGENT_URI;
  const metadataUri = environment.ECS_CONTAINER_METADATA_URI_V4;
  if (agentUri === undefined) return undefined;
  return {
    protect: (ExpiresInMinutes) => putProtection(agentUri, { ProtectionEnabled: true, ExpiresInMinutes }),
    unprotect: () => putProtection(agentUri, { ProtectionEnabled: false }),
    createdAt: () => createdAt(metadataUri),
  };
};

interface ProtectionAnswer {
  readonly protection?: { readonly ProtectionEnabled?: boolean };
  readonly failure?: { readonly Reason?: string; readonly Detail?: string };
  readonly error?: { readonly Code?: string; readonly Message?: string };
}

const putProtection = async (
  agentUri: string,
  body: { readonly ProtectionEnabled: boolean; readonly ExpiresInMinutes?: number },
): Promise<ProtectionOutcome> => {
  try {
    const response = await fetch(`${agentUri}/task-protection/v1/state`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return protectionOutcome((await response.json()) as ProtectionAnswer, body.ProtectionEnabled);
  } catch (error) {
    return { ok: false, because: 'failed', text: errorText(error) };
  }
};

/** A refusal comes with status 200: only the body tells. */
export const protectionOutcome = (answer: ProtectionAnswer, wanted: boolean): ProtectionOutcome => {
  if (answer.protection?.ProtectionEnabled === wanted) return { ok: true };
  const reason = answer.failure?.Reason ?? answer.error?.Code ?? 'no protection in the answer';
  const text = [reason, answer.failure?.Detail ?? answer.error?.Message].filter(Boolean).join(': ');
  return { ok: false, because: reason === 'DEPLOYMENT_BLOCKED' ? 'blocked' : 'failed', text };
};

interface TaskMetadata {
  readonly CreatedAt?: string;
  readonly PullStartedAt?: string;
  readonly Containers?: readonly { readonly CreatedAt?: string }[];
}

const createdAt = async (metadataUri: string | undefined): Promise<EpochSeconds | undefined> => {
  if (metadataUri === undefined) return undefined;
  try {
    const response = await fetch(`${metadataUri}/task`, { signal: AbortSignal.timeout(timeoutMs) });
    return earliestCreation((await response.json()) as TaskMetadata);
  } catch {
    return undefined;
  }
};

/** The first instant that the metadata know of this task. */
export const earliestCreation = (task: TaskMetadata): EpochSeconds | undefined => {
  const instants = [task.CreatedAt, task.PullStartedAt, ...(task.Containers ?? []).map((one) => one.CreatedAt)]
    .map((text) => Date.parse(text ?? '') / 1000)
    .filter(Number.isFinite);
  return instants.length === 0 ? undefined : Math.min(...instants);
};
