/** Of package.json; a test holds them together. In the code, so that a bundle or an installed package need no file for it. */
export const sluiceVersion = '0.1.0';
