import { startDynamoDb } from '../../lib/local/emulators/start-dynamodb.ts';

// The emulator in a process of its own, so that its work does not count as the API's.
const { endpoint } = await startDynamoDb();
process.send?.(endpoint);
process.on('disconnect', () => process.exit(0));
