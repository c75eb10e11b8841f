import type { CommitmentOffer } from '../../report/prices/price-book.ts';

type Terms = Pick<CommitmentOffer, 'kind' | 'years' | 'payment'>;

/** Collects price under a plan ÷ on demand. Of the types of one family the dearest counts: never a discount that some lack. */
export class OfferRatios {
  readonly #offers = new Map<string, Terms & { readonly ratios: Record<string, number> }>();

  add({ kind, years, payment }: Terms, coverKey: string, ratio: number): void {
    // Dearer than on demand is a fault of the list, and nothing that anybody would buy.
    if (!(ratio > 0 && ratio < 1)) return;
    const id = `${kind}/${years}/${payment}`;
    const offer = this.#offers.get(id) ?? { kind, years, payment, ratios: {} };
    offer.ratios[coverKey] = Math.max(offer.ratios[coverKey] ?? 0, ratio);
    this.#offers.set(id, offer);
  }

  offers(): readonly CommitmentOffer[] {
    return [...this.#offers].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, offer]) => offer);
  }
}
