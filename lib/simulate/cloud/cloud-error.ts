/** What AWS answers when it refuses a call: `type` is the exception's name on the wire. A refused call changes nothing. */
export class CloudError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}

/** Refuses parameters that the model knows nothing of: to ignore one would be to lie about what it does. */
export const refuseUnmodelled = (operation: string, input: object, modelled: readonly string[], type: string): void => {
  const strange = Object.entries(input).find(([name, value]) => value !== undefined && !modelled.includes(name));
  if (strange) throw new CloudError(type, `${operation}: the parameter ${strange[0]} is not modelled here`);
};
