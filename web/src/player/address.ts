/** A younger address has not run out: what does not play by it, the browser cannot play. */
const FRESH_MS = 60_000;

/** Where a file lies for a while, and how to ask for another address once this one has run out. */
export class Address {
  private givenAt_ms = Date.now();

  constructor(
    readonly url: string,
    private readonly ask: () => Promise<string>,
  ) {}

  /** Another one for a file that does not play any more; null if the last cannot have run out, or none is given. */
  async renew(): Promise<string | null> {
    if (Date.now() - this.givenAt_ms < FRESH_MS) return null;
    try {
      const url = await this.ask();
      this.givenAt_ms = Date.now();
      return url;
    } catch (error) {
      console.warn("No other address was given yet.", error);
      return null;
    }
  }
}
