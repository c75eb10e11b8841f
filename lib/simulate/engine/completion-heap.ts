import type { Seconds } from '../../model/units.ts';

/** When which slot finishes its job: a binary heap on typed arrays, since each job passes through it. */
export class CompletionHeap {
  size = 0;
  times: Float64Array;
  slots: Int32Array;

  constructor(capacity: number) {
    this.times = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
  }

  push(time: Seconds, slot: number): void {
    if (this.size === this.times.length) this.#grow();
    const { times, slots } = this;
    let i = this.size;
    this.size += 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = times[parent] as number;
      if (above <= time) break;
      times[i] = above;
      slots[i] = slots[parent] as number;
      i = parent;
    }
    times[i] = time;
    slots[i] = slot;
  }

  pop(): void {
    this.size -= 1;
    if (this.size > 0) this.replaceTop(this.times[this.size] as number, this.slots[this.size] as number);
  }

  replaceTop(time: Seconds, slot: number): void {
    const { times, slots, size } = this;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      let below = times[child] as number;
      if (child + 1 < size && (times[child + 1] as number) < below) {
        child += 1;
        below = times[child] as number;
      }
      if (below >= time) break;
      times[i] = below;
      slots[i] = slots[child] as number;
      i = child;
    }
    times[i] = time;
    slots[i] = slot;
  }

  #grow(): void {
    const times = new Float64Array(this.times.length * 2);
    times.set(this.times);
    this.times = times;
    const slots = new Int32Array(times.length);
    slots.set(this.slots);
    this.slots = slots;
  }
}
