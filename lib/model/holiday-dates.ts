import type { HolidayPlace } from './plan.ts';

/** Public holidays of one place, as the daily function writes them. */
export interface HolidayDates {
  readonly place: HolidayPlace;
  /** First and last day that was looked at, YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  /** YYYY-MM-DD, sorted. */
  readonly dates: readonly string[];
}

/** `DK`, `DE#BY`: one place, one item. */
export const placeKey = ({ country, state, region }: HolidayPlace): string =>
  [country, state, region].filter((part) => part !== undefined).join('#');

/** Each place once. */
export const distinctPlaces = (places: readonly HolidayPlace[]): readonly HolidayPlace[] => [
  ...new Map(places.map((place) => [placeKey(place), place])).values(),
];
