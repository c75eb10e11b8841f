/** What AWS calls a GB when it takes money for it. */
export const bytesPerGiB = 2 ** 30;
