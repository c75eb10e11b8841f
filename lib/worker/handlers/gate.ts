/** Lets in so many at a time; the others wait in the order in which they came. */
export interface Gate {
  /** Resolves with true when let in, and with false when the signal fired first. */
  enter(signal: AbortSignal): Promise<boolean>;
  leave(): void;
  readonly inside: number;
  readonly waiting: number;
}

export const createGate = (places: number): Gate => {
  let inside = 0;
  const waiting = new Set<() => void>();

  return {
    get inside() {
      return inside;
    },
    get waiting() {
      return waiting.size;
    },
    enter: (signal) => {
      if (signal.aborted) return Promise.resolve(false);
      if (inside < places) {
        inside += 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const letIn = (): void => {
          waiting.delete(letIn);
          signal.removeEventListener('abort', goAway);
          inside += 1;
          resolve(true);
        };
        const goAway = (): void => {
          waiting.delete(letIn);
          resolve(false);
        };
        waiting.add(letIn);
        signal.addEventListener('abort', goAway, { once: true });
      });
    },
    leave: () => {
      inside -= 1;
      const [next] = waiting;
      next?.();
    },
  };
};
