/** Files of the README's library section by name: TypeScript blocks whose first line names one. */
export const readmeSnippets = (readme: string): Readonly<Record<string, string>> => {
  const [, section = ''] = readme.split('\n## Use it as a CDK library\n');
  const [ours = ''] = section.split('\n## ');
  return Object.fromEntries(
    [...ours.matchAll(/```ts\n\/\/ ([\w.-]+\.ts)\b[^\n]*\n([\s\S]*?)```/g)].map(([, name = '', text = '']) => [
      name,
      text,
    ]),
  );
};
