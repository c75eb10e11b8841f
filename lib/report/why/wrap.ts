/** Breaks a text between words; `head` stands before the first line, and as many spaces before the others. */
export const wrap = (text: string, width: number, head = ''): readonly string[] => {
  const indent = ' '.repeat(head.length);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && head.length + longer.length > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((part, i) => `${i === 0 ? head : indent}${part}`.trimEnd());
};
