import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export type Answer = object | AwsFailure | 'never';
/** By operation, `DescribeServices`: what it answers to an input. */
export type Operations = Record<string, (input: never) => Answer>;

/** An error as the JSON protocols send it. */
export class AwsFailure {
  readonly name: string;
  readonly message: string;
  readonly status: number;

  constructor(name: string, message = name, status = 400) {
    this.name = name;
    this.message = message;
    this.status = status;
  }
}

/** An endpoint that speaks the AWS JSON protocols to the unmodified SDK. What it does not model, it refuses. */
export class FakeAws {
  readonly calls: { readonly operation: string; readonly input: unknown }[] = [];
  operations: Operations = {};
  readonly #server = createServer((request, response) => {
    void bodyOf(request).then((input) => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      this.calls.push({ operation, input });
      const answer =
        this.operations[operation]?.(input as never) ?? new AwsFailure('UnknownOperationException', operation);
      if (answer === 'never') return;
      const failed = answer instanceof AwsFailure;
      response.writeHead(failed ? answer.status : 200, { 'content-type': String(request.headers['content-type']) });
      response.end(JSON.stringify(failed ? { __type: answer.name, message: answer.message } : answer));
    });
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this.endpoint;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  inputsOf<T>(operation: string): readonly T[] {
    return this.calls.filter((call) => call.operation === operation).map((call) => call.input as T);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return JSON.parse((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString() || '{}');
}
