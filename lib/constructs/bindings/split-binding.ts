import type { ServiceBinding } from '../../model/binding.ts';

/** A standard parameter holds 4,096 bytes. */
const bytesPerPart = 4000;

/**
 * Cuts a binding into texts that, joined, are its JSON. The plan is literal and may be cut anywhere; the rest holds
 * tokens whose length only the deployment knows, so it is cut between queues and counted at its longest.
 */
export const splitBinding = (binding: ServiceBinding): readonly string[] => {
  const { plan, queues, taskDefinitions = {}, ...names } = binding;
  const head = literalParts(`{"plan":${asciiJson(plan)},`);
  const tail = [
    { text: `${JSON.stringify(names).slice(1, -1)},`, bytes: longestNamesBytes },
    ...definitionPieces(taskDefinitions),
    { text: '"queues":[', bytes: 10 },
    ...queues.map((queue, index) => ({
      text: (index === 0 ? '' : ',') + JSON.stringify(queue),
      bytes: longestQueueBytes,
    })),
    { text: ']}', bytes: 2 },
  ];
  return packed([...head.map((text) => ({ text, bytes: text.length })), ...tail]);
};

const definitionPieces = (definitions: Readonly<Record<string, string>>): readonly Piece[] =>
  Object.entries(definitions).map(([size, arn], index, { length }) => ({
    text: `${index === 0 ? '"taskDefinitions":{' : ''}${JSON.stringify(size)}:${JSON.stringify(arn)}${index === length - 1 ? '},' : ','}`,
    bytes: longestDefinitionBytes,
  }));

// Names of cluster, service and table have at most 255 characters, of a load balancer and a target group 32, with
// their kind and id 62.
const longestNamesBytes = 3 * 255 + 2 * 62 + 180;
// arn:aws-us-gov:ecs:us-gov-west-1:<account>:task-definition/ 71, family 255, revision 10; key and quotes 40.
const longestDefinitionBytes = 71 + 255 + 11 + 40;
// Name 80; URL https://sqs.<region>.amazonaws.com.cn/<account>/<name> at most 145, twice; keys and quotes 60.
const longestQueueBytes = 80 + 2 * 145 + 60;

interface Piece {
  readonly text: string;
  /** At most, once the tokens in it are resolved. */
  readonly bytes: number;
}

const packed = (pieces: readonly Piece[]): readonly string[] => {
  const parts: Piece[] = [];
  for (const piece of pieces) {
    const last = parts.at(-1);
    if (last !== undefined && last.bytes + piece.bytes <= bytesPerPart) {
      parts[parts.length - 1] = { text: last.text + piece.text, bytes: last.bytes + piece.bytes };
    } else parts.push(piece);
  }
  return parts.map(({ text }) => text);
};

const literalParts = (text: string): readonly string[] => {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > bytesPerPart) {
    const end = cutBefore(rest, bytesPerPart);
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, rest];
};

/** Never beside a space: a value that begins or ends with one may lose it on the way. */
const cutBefore = (text: string, limit: number): number => {
  let end = limit;
  while (end > 1 && (text[end - 1] === ' ' || text[end] === ' ')) end -= 1;
  return end > 1 ? end : limit;
};

/** JSON in which a character is a byte, and without `{{`, which SSM would refuse; outside strings JSON has none. */
const asciiJson = (value: object): string =>
  JSON.stringify(value)
    .replaceAll('{{', '{\\u007b')
    .replaceAll(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
