import { expect, it } from "vitest";
import { mediaPoint } from "@/units";
import { dragged, grasp, idle } from "./drag";

const media = { width: 100, height: 100 };

it("moves, resizes or draws by where the press began", () => {
  const box = [10, 10, 20, 20] as const;
  const moving = grasp(box, mediaPoint(20, 20), 2);
  const resizing = grasp(box, mediaPoint(30, 30), 2);
  const drawing = grasp(box, mediaPoint(60, 60), 2);
  expect(dragged(moving, mediaPoint(25, 20), media)).toEqual([15, 10, 20, 20]);
  expect(dragged(resizing, mediaPoint(40, 35), media)).toEqual([10, 10, 30, 25]);
  expect(dragged(drawing, mediaPoint(70, 80), media)).toEqual([60, 60, 10, 20]);
  expect(dragged(idle, mediaPoint(1, 1), media)).toBeNull();
});
