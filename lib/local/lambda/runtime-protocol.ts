import type { FunctionError } from './function-spec.ts';

/** Host → runtime. */
export interface Invoke {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** Milliseconds since 1970. */
  readonly deadlineMs: number;
  readonly functionArn: string;
}

/** Runtime → host. One `ready` or `initError` first, then one answer for each `Invoke`. */
export type FromRuntime =
  | { readonly type: 'ready' }
  | { readonly type: 'initError'; readonly error: FunctionError }
  | { readonly type: 'done'; readonly requestId: string; readonly payload: string }
  | { readonly type: 'failed'; readonly requestId: string; readonly error: FunctionError };
