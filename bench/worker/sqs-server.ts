import { startMessaging } from '../../lib/local/emulators/start-messaging.ts';

/** The local SQS in a process of its own, so that it does not share a thread with what is measured. */
const { endpoint } = await startMessaging('us-east-1');
process.send?.({ endpoint });
process.on('disconnect', () => process.exit(0));
