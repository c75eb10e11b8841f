import type { Command } from 'commander';
import { renderStory, sourceLine } from '../report/why/render-story.ts';
import { storyOf } from '../report/why/story.ts';
import { isoUtc } from '../report/why/times.ts';
import { openSource, type SourceOptions } from './operate/decision-source.ts';
import { findDecision } from './operate/find-decision.ts';
import { requireService } from './operate/known-service.ts';
import { print, printJson, textWidth } from './operate/print.ts';
import { sourceOptions } from './operate/source-options.ts';
import { parseWhen } from './operate/when.ts';

export const define = (command: Command): void => {
  sourceOptions(command)
    .description('Tells the story of one decision in plain words, also of one that changed nothing.')
    .argument('<service>', 'the service')
    .option('--at <time>', 'the tick at that time or the last one before: ISO 8601, "02:41" (UTC) or "5m ago"')
    .option('--json', 'one JSON document: { source, asked?, story, record }')
    .action(why);
};

interface Options extends SourceOptions {
  readonly at?: string;
  readonly json?: true;
}

const why = async (service: string, options: Options): Promise<void> => {
  const source = await openSource(options, Date.now() / 1000);
  requireService(service, source.services, source.label);
  const at = options.at === undefined ? source.endsAt : parseWhen('--at', options.at, source.endsAt);
  const { record, around } = await findDecision(source, service, at);
  const story = storyOf(record, around);
  if (options.json) {
    const asked = options.at === undefined ? {} : { asked: isoUtc(at) };
    printJson({ source: source.label, ...asked, story, record });
    return;
  }
  print([...renderStory(story, textWidth()), '', sourceLine(source.label)]);
};
