/**
 * Breaks a text between words into lines of at most `width` characters, the first one `indent` shorter. The last of
 * `most` lines takes all that is left, however long: cutting is for whoever knows how a cut is marked.
 */
export const wrapWords = (text: string, width: number, most: number, indent = 0): readonly string[] => {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    const room = width - (lines.length === 1 ? indent : 0);
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= room || lines.length === most || (line === '' && indent === 0))
      lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};
