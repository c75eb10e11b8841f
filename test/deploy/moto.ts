import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { childEnvironment, projectRoot, python } from './lane-environment.ts';

export interface Moto {
  /** `http://localhost:PORT`. The name matters: with an IP address the CDK CLI and S3 do not find the bucket. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts moto's server on a free port of the loopback interface; its log goes to `<folder>/moto.log`. */
export const startMoto = async (folder: string): Promise<Moto> => {
  const server = spawn(
    python('python'),
    [join(projectRoot, 'test/deploy/moto_server.py'), '-H', '127.0.0.1', '-p', '0'],
    { cwd: folder, env: childEnvironment('', folder), stdio: ['pipe', 'ignore', 'pipe'] },
  );
  const ended = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill('SIGKILL');
    await ended;
  };
  server.stderr.pipe(createWriteStream(join(folder, 'moto.log')));
  const port = await Promise.race([portOf(server.stderr), ended.then(() => undefined)]);
  if (port === undefined) throw new Error(`moto ended before it listened; its log: ${join(folder, 'moto.log')}`);
  return { endpoint: `http://localhost:${port}`, stop };
};

const portOf = async (log: NodeJS.ReadableStream): Promise<number> =>
  new Promise((resolve) => {
    createInterface({ input: log }).on('line', (line) => {
      const port = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
