import { jsonTrouble } from './json-trouble.ts';
import { Problem } from './problem.ts';
import { shown } from './shown.ts';

/**
 * The body of a request as JSON. Throws `Problem` for a wrong content type, too many bytes, text that is not UTF-8 or
 * not JSON, and for JSON that means one thing here and another elsewhere (`jsonTrouble`).
 */
export const readJson = async (request: Request, limitBytes: number): Promise<unknown> => {
  refuseOtherTypes(request.headers);
  const bytes = await boundedBytes(request, limitBytes);
  const text = decode(bytes);
  const value = parse(text);
  const trouble = jsonTrouble(text);
  if (trouble !== undefined) throw new Problem('bad-request', 'The JSON is not plain.', { issues: [trouble] });
  return value;
};

const refuseOtherTypes = (headers: Headers): void => {
  const type = headers.get('content-type') ?? '';
  const [media = '', ...parameters] = type.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (media !== 'application/json' || (charset !== undefined && charset.replaceAll('"', '') !== 'utf-8')) {
    throw wrongType('header.content-type', type === '' ? 'nothing' : shown(type), 'application/json in UTF-8');
  }
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    throw wrongType('header.content-encoding', shown(encoding), 'none: bodies are not decompressed');
  }
};

const wrongType = (path: string, found: string, expected: string): Problem =>
  new Problem('wrong-type', 'Send the body as application/json.', { issues: [{ path, found, expected }] });

/** Counts while it reads: a length in a header proves nothing. */
const boundedBytes = async (request: Request, limitBytes: number): Promise<Uint8Array> => {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limitBytes) throw tooLarge(announced, limitBytes);
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of request.body ?? []) {
    total += chunk.byteLength;
    if (total > limitBytes) throw tooLarge(total, limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const tooLarge = (bytes: number, limitBytes: number): Problem =>
  new Problem('too-large', `A body may have ${limitBytes} bytes. Upload a larger payload first: POST /uploads.`, {
    issues: [{ path: 'body', found: `${bytes} bytes or more`, expected: `at most ${limitBytes} bytes` }],
  });

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw badBody('bytes that are not UTF-8', 'JSON in UTF-8');
  }
};

const parse = (text: string): unknown => {
  if (text.trim() === '') throw badBody('nothing', 'a JSON object');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badBody(shown(error instanceof Error ? error.message : String(error)), 'JSON (RFC 8259)');
  }
};

const badBody = (found: string, expected: string): Problem =>
  new Problem('bad-request', 'The body is not JSON.', { issues: [{ path: 'body', found, expected }] });
