/** FIFO by time of arrival. A job that was killed comes back to the place that its age gives it. */
export class JobQueue {
  /** The next job that will arrive. */
  next = 0;
  #head = 0;
  /** Ascending by number, which is ascending by arrival. */
  readonly #returned: number[] = [];

  get length(): number {
    return this.next - this.#head + this.#returned.length;
  }

  /** The oldest job, or -1. */
  take(): number {
    const returned = this.#returned[0];
    if (returned !== undefined && (this.#head === this.next || returned < this.#head)) {
      this.#returned.shift();
      return returned;
    }
    if (this.#head === this.next) return -1;
    const job = this.#head;
    this.#head += 1;
    return job;
  }

  putBack(job: number): void {
    const after = this.#returned.findIndex((other) => other > job);
    this.#returned.splice(after === -1 ? this.#returned.length : after, 0, job);
  }

  waiting(): readonly number[] {
    const jobs = [...this.#returned];
    for (let job = this.#head; job < this.next; job += 1) jobs.push(job);
    return jobs;
  }
}
