import type { Evaluation } from "@/api/types";

const titles: Readonly<Record<Evaluation["kind"], string>> = {
  all: "Simulator and footage",
  simulator: "Simulator",
  footage: "Footage",
};

export const evaluationTitle = (kind: Evaluation["kind"]): string => titles[kind];
