import { expect, it } from "vitest";
import { dateFromInstant, instantFromDate } from "./dates";

it("keeps a day through the API and back, in any time zone", () => {
  expect(dateFromInstant(instantFromDate("2027-03-28"))).toBe("2027-03-28");
  expect([dateFromInstant(null), instantFromDate("")]).toEqual(["", null]);
});
