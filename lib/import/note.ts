/** One value that did not come over as it stood. Nothing of the input is ever left out without one of these. */
export interface ImportNote {
  /**
   * `default`: the peer applies it in silence, here it is written out. `approximated`: became something close to it.
   * `dropped`: has no counterpart.
   */
  readonly kind: 'default' | 'approximated' | 'dropped';
  /** Where in the input: `keda.yaml:12 spec.triggers[0].metadata.queueLength`. */
  readonly path: string;
  readonly found: string;
  /** What stands in the config instead. */
  readonly became: string | null;
  readonly why: string;
  /** Path in the config that it became: `services.convert.tasks.max`. */
  readonly at?: string;
}

export const formatNote = ({ path, found, became, why }: ImportNote): string =>
  became === null
    ? `${path}: ${found} is not carried over. ${why}`
    : `${path}: ${found === became ? found : `${found} became ${became}`}. ${why}`;
