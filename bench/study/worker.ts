import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { StudyCase } from './cases.ts';
import { type Edit, withEdits } from './ideas.ts';

/** What a thread is asked: the policies on one case. It answers with their scores. */
export interface Question {
  readonly studyCase: StudyCase;
  readonly policies: readonly string[];
}

const { edits } = workerData as { readonly edits: readonly Edit[] };
const lib = new URL('../../lib/', import.meta.url).href;

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const file = url.startsWith(lib) ? url.slice(lib.length) : '';
    const own = edits.filter((edit) => edit.file === file);
    return own.length === 0 ? loaded : { ...loaded, source: withEdits(file, String(loaded.source), own) };
  },
});

// Only now, so that what is loaded has the edits.
const { runCase } = await import('./run-case.ts');
parentPort?.on('message', ({ studyCase, policies }: Question) => parentPort?.postMessage(runCase(studyCase, policies)));
