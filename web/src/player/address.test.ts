import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Address } from "./address";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("is renewed when it may have run out, and not when it was given just now", async () => {
  let given = 0;
  const address = new Address("/media/0", async () => `/media/${++given}`);
  const young = await address.renew();
  vi.advanceTimersByTime(3_600_000);
  expect([young, await address.renew(), await address.renew()]).toEqual([null, "/media/1", null]);
});

it("asks again after it was given none", async () => {
  vi.spyOn(console, "warn").mockReturnValue();
  const ask = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error("away"))
    .mockResolvedValue("/media/1");
  const address = new Address("/media/0", ask);
  vi.advanceTimersByTime(3_600_000);
  expect([await address.renew(), await address.renew()]).toEqual([null, "/media/1"]);
});
