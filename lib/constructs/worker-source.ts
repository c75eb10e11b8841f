/** What a worker container runs: an image, or a TypeScript entry that Sluice bundles into one. */
export type WorkerSource = {
  /** Replaces the image's own command. */
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
} & (
  | { readonly image: string; readonly entry?: undefined }
  | {
      /** Relative to the project's folder. */
      readonly entry: string;
      readonly image?: undefined;
    }
);
