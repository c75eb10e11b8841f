/** Things of one name, in two Regions say, get a label that tells them apart; all others stay as they are. */
export const toldApart = <Thing>(
  things: readonly Thing[],
  nameOf: (thing: Thing) => string,
  labelled: (thing: Thing) => Thing,
): readonly Thing[] => {
  const counts = new Map<string, number>();
  for (const thing of things) counts.set(nameOf(thing), (counts.get(nameOf(thing)) ?? 0) + 1);
  return things.map((thing) => ((counts.get(nameOf(thing)) ?? 0) > 1 ? labelled(thing) : thing));
};
