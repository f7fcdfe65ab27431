import { expect, it } from "vitest";
import { ApiError, isRefusal } from "./client";

it("takes for refused what the server will refuse again, and nothing else", () => {
  const statuses = [0, 400, 401, 403, 404, 408, 409, 410, 422, 425, 429, 500, 502, 503];
  const refused = statuses.filter((status) => isRefusal(new ApiError(status, {})));
  expect(refused).toEqual([400, 403, 404, 409, 410, 422]);
  expect(isRefusal(new TypeError("Failed to fetch"))).toBe(false);
});
