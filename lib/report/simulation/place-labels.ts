export interface LabelledDot {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedLabel extends LabelledDot {
  readonly anchor: 'start' | 'end' | 'middle';
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Estimated, since nothing here can measure text: a sans-serif of 13 px is about this wide. */
const characterWidth = 7;
const lineHeight = 15;

/** Each label beside its dot, above, below, or a little further off: wherever it meets no dot and no other label. */
export const placeLabels = (dots: readonly LabelledDot[], frame: Frame): readonly PlacedLabel[] => {
  const taken: Box[] = dots.map((dot) => ({ x1: dot.x - 7, x2: dot.x + 7, y1: dot.y - 7, y2: dot.y + 7 }));
  return dots.map((dot) => {
    const candidates = candidatesOf(dot);
    const free = candidates.find(
      (label) => isInside(boxOf(label), frame) && !taken.some((box) => overlap(box, boxOf(label))),
    );
    const label =
      free ?? candidates.find((candidate) => isInside(boxOf(candidate), frame)) ?? (candidates[0] as PlacedLabel);
    taken.push(boxOf(label));
    return label;
  });
};

interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

const candidatesOf = ({ text, x, y }: LabelledDot): readonly PlacedLabel[] =>
  [0, 1, 2, 3].flatMap((away) =>
    [
      { text, x: x + 11, y: y + 4 + away * lineHeight, anchor: 'start' as const },
      { text, x: x - 11, y: y + 4 - away * lineHeight, anchor: 'end' as const },
      { text, x: x + 11, y: y + 4 - away * lineHeight, anchor: 'start' as const },
      { text, x: x - 11, y: y + 4 + away * lineHeight, anchor: 'end' as const },
      { text, x, y: y - 12 - away * lineHeight, anchor: 'middle' as const },
      { text, x, y: y + 21 + away * lineHeight, anchor: 'middle' as const },
    ].map((label) => ({ ...label, y: Math.round(label.y * 10) / 10 })),
  );

const boxOf = ({ text, x, y, anchor }: PlacedLabel): Box => {
  const width = text.length * characterWidth;
  const x1 = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { x1, x2: x1 + width, y1: y - 11, y2: y + 4 };
};

const overlap = (a: Box, b: Box): boolean => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
const isInside = (box: Box, { left, right, top, bottom }: Frame): boolean =>
  box.x1 >= left && box.x2 <= right && box.y1 >= top && box.y2 <= bottom;
