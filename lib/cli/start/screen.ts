import { createLogUpdate } from 'log-update';
import type { RunSnapshot } from '../../report/run/run-snapshot.ts';
import { renderLiveView } from './live-view.ts';
import { plainLines } from './plain-lines.ts';

/** Where a person follows a run. */
export interface Screen {
  /** Stays on the screen. */
  line(text: string): void;
  /** Something that the live view shows anyway: written only where there is none. */
  event(text: string): void;
  show(run: RunSnapshot): void;
  /** The last view stays; lines may follow. */
  close(): void;
}

const redrawSeconds = 0.25;
const plainEverySeconds = 10;

/** A live view on a terminal, plain lines elsewhere. With `json`, stdout is for the one document: lines go to stderr. */
export const openScreen = (json: boolean): Screen => {
  const isLive = !json && process.stdout.isTTY === true && process.env.TERM !== 'dumb';
  return isLive ? liveScreen(process.stdout) : plainScreen(json ? process.stderr : process.stdout);
};

const liveScreen = (stream: NodeJS.WriteStream): Screen => {
  const update = createLogUpdate(stream);
  let drawnT = Number.NEGATIVE_INFINITY;
  let last: RunSnapshot | undefined;
  const draw = (run: RunSnapshot): void => {
    const terminal = { columns: stream.columns ?? 80, rows: stream.rows ?? 24, colour: stream.hasColors?.() ?? false };
    update(renderLiveView(run, terminal).join('\n'));
  };
  return {
    line: (text) => {
      if (last === undefined) stream.write(`${text}\n`);
      else {
        update.persist(text);
        draw(last);
      }
    },
    event: () => {},
    show: (run) => {
      last = run;
      if (run.t - drawnT < redrawSeconds) return;
      drawnT = run.t;
      draw(run);
    },
    close: () => {
      if (last !== undefined) draw(last);
      last = undefined;
      update.done();
    },
  };
};

const plainScreen = (stream: NodeJS.WriteStream): Screen => {
  const line = (text: string): void => void stream.write(`${text}\n`);
  let shownT = Number.NEGATIVE_INFINITY;
  return {
    line,
    event: line,
    show: (run) => {
      if (run.t - shownT < plainEverySeconds) return;
      shownT = run.t;
      for (const text of plainLines(run)) line(text);
    },
    close: () => {},
  };
};
