import { Worker } from 'node:worker_threads';
import type { StudyCase } from './cases.ts';
import type { Edit } from './ideas.ts';
import type { Score } from './run-case.ts';
import type { Question } from './worker.ts';

/** Scores of the policies by case, in the order of the cases. `threads` at a time, each with the edits in its code. */
export const runCases = async (
  cases: readonly StudyCase[],
  policies: readonly string[],
  threads: number,
  edits: readonly Edit[] = [],
): Promise<readonly (readonly Score[])[]> => {
  const scores: (readonly Score[])[] = [];
  const left = [...cases.entries()];
  const work = async (): Promise<void> => {
    const thread = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { edits } });
    try {
      for (let next = left.shift(); next; next = left.shift()) {
        scores[next[0]] = await ask(thread, { studyCase: next[1], policies });
      }
    } finally {
      await thread.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, cases.length) }, work));
  return scores;
};

const ask = (thread: Worker, question: Question): Promise<readonly Score[]> =>
  new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      thread.off('message', answered).off('error', failed);
      done();
    };
    const answered = (scores: readonly Score[]) => settle(() => resolve(scores));
    const failed = (error: unknown) => settle(() => reject(error));
    thread.on('message', answered).on('error', failed);
    thread.postMessage(question);
  });
