import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];
/** A piece of a line; a bare string has no style. */
export type Span = string | { readonly text: string; readonly style: Style };
/** One line of a terminal, cut and coloured only when its width is known. */
export type StyledLine = readonly Span[];

export const styled = (style: Style, text: string): Span => ({ text, style });

/** One line of at most `width` columns, the cut marked with an ellipsis. Escape codes are added after the cutting. */
export const renderLine = (line: StyledLine, width: number, colour: boolean): string => {
  const needed = line.reduce((sum, span) => sum + textOf(span).length, 0);
  let room = needed > width ? width - 1 : width;
  const parts = line.map((span) => {
    const text = textOf(span).slice(0, Math.max(0, room));
    room -= text.length;
    return typeof span === 'string' || !colour || text === ''
      ? text
      : styleText(span.style, text, { validateStream: false });
  });
  return `${parts.join('')}${needed > width ? '…' : ''}`;
};

/** Puts `left` and `right` at the ends of a line; without room for both only `left` remains. */
export const spread = (left: StyledLine, right: StyledLine, width: number): StyledLine => {
  const gap = width - lengthOf(left) - lengthOf(right);
  return gap < 2 ? left : [...left, ' '.repeat(gap), ...right];
};

const textOf = (span: Span): string => (typeof span === 'string' ? span : span.text);
export const lengthOf = (line: StyledLine): number => line.reduce((sum, span) => sum + textOf(span).length, 0);
