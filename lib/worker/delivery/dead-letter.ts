import type { DeadLetterReason, MessageAttribute, OutgoingMessage, ReceivedMessage } from '../ports.ts';

/** SQS takes at most 10 attributes a message. */
const attributesMax = 10;
const errorCharactersMax = 1000;

/**
 * The message as it goes to the dead-letter queue: as it came, and why. `dlqQueue` says where it came from: SQS itself
 * does not know that of a message which it has not moved.
 */
export const deadLetterOf = (
  message: ReceivedMessage,
  queue: string,
  reason: DeadLetterReason,
  error: Error,
): OutgoingMessage => {
  const why = { dlqReason: reason, dlqError: errorLine(error), dlqQueue: queue };
  const original = Object.entries(typedAttributesOf(message)).filter(([name]) => !(name in why));
  // Where there is no room for all, the later ones of the three are left out, never one of the job's own.
  const room = Math.max(0, attributesMax - original.length);
  const added = Object.entries(why)
    .slice(0, room)
    .map(([name, text]) => [name, stringAttribute(text)] as const);
  return {
    body: message.body,
    attributes: Object.fromEntries([...original, ...added]),
    ...(message.groupId === undefined ? {} : { groupId: message.groupId }),
    deduplicationId: message.messageId,
  };
};

const typedAttributesOf = (message: ReceivedMessage): Readonly<Record<string, MessageAttribute>> =>
  message.typedAttributes ??
  Object.fromEntries(Object.entries(message.attributes).map(([name, text]) => [name, stringAttribute(text)]));

const stringAttribute = (StringValue: string): MessageAttribute => ({ DataType: 'String', StringValue });

/** SQS refuses an empty attribute and most control characters. */
const errorLine = (error: Error): string => {
  const text = `${error.name}: ${error.message}`.toWellFormed().replace(notAllowed, '\u{FFFD}');
  return text.slice(0, errorCharactersMax).toWellFormed();
};
const notAllowed = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
