/** What people read, and whether it makes sense: a story begins before it ends, and nothing is told twice. */
export class Inbox {
  readonly #break: (rule: string) => void;
  /** Stories that have begun, by service, code and beginning, and whether the last message about them may come again. */
  readonly #open = new Map<string, { readonly news: string; readonly mayRepeat: boolean }>();
  ended = 0;

  constructor(broken: (rule: string) => void) {
    this.#break = broken;
  }

  get open(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** @param unsure nobody noted that this one arrived: it is right to send it again */
  take(text: string, unsure: boolean): void {
    for (const block of text.split('\n\n').slice(1)) {
      const [, label = '', service = '', code = ''] = /^([A-Z ]+?) {2}(\S+): .* \[(\w+)\]$/m.exec(block) ?? [];
      const since = /(?:Since:|from) (\S+ \S+) UTC/.exec(block)?.[1] ?? '';
      const id = `${service} ${code} ${since}`;
      const before = this.#open.get(id);
      const news = label.split(' ')[0] ?? '';
      if (news === 'OVER') this.#end(id, before, unsure);
      else {
        if (before?.news === news && news !== 'STILL' && !before.mayRepeat) this.#break(`told twice: ${label} ${id}`);
        if (this.#ends.has(id)) this.#break(`told after its end: ${label} ${id}`);
        this.#open.set(id, { news, mayRepeat: unsure });
      }
    }
  }

  readonly #ends = new Map<string, boolean>();

  #end(id: string, before: { readonly mayRepeat: boolean } | undefined, unsure: boolean): void {
    if (this.#ends.get(id) === false) this.#break(`ended twice: ${id}`);
    if (before !== undefined) this.ended += 1;
    this.#open.delete(id);
    this.#ends.set(id, unsure);
  }
}
